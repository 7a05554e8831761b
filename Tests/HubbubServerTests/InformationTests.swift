import HubbubRooms
import IRCWire
import Testing

@testable import HubbubServer

/// What the server tells of itself.
@Suite struct InformationTests {
  // Modern IRC, "Server Queries".
  @Test(
    "a query is answered here, and nowhere else",
    arguments: [
      ("MOTD", ["375", "372", "372", "376"]), ("MOTD hubbub.local", ["375", "372", "372", "376"]),
      ("MOTD *.local", ["375", "372", "372", "376"]), ("MOTD bob", ["375", "372", "372", "376"]),
      ("MOTD elsewhere.example", ["402"]), ("VERSION", ["351", "005", "005", "005"]),
      ("VERSION elsewhere.example", ["402"]), ("ADMIN", ["256", "257", "258", "259"]),
      ("ADMIN elsewhere.example", ["402"]), ("INFO", ["371", "371", "371", "374"]),
      ("INFO elsewhere.example", ["402"]),
      ("TIME", ["391"]), ("TIME elsewhere.example", ["402"]), ("LINKS", ["364", "365"]),
      ("LUSERS", ["251", "252", "253", "254", "255", "265", "266"]), ("STATS u", ["242", "219"]),
      ("STATS x", ["219"]), ("STATS", ["461"]), ("STATS o", ["481", "219"]),
      ("STATS f", ["249", "249", "249", "219"]),
      ("STATS f #r", ["249", "249", "249", "219"]), ("STATS f #none", ["403", "219"]),
      ("HELP NONSENSE", ["524"]),
      ("PING :", ["PONG"]), ("PING", ["409"]), ("PING a b", ["PONG"]),
    ])
  func queries(line: String, answers: [String]) throws {
    let meeting = try Self.meeting()
    let answer = try meeting.ann.ask(line)
    #expect(answer.commands == answers)
    #expect(answer.allSatisfy { $0.command == "PONG" || $0.parameters.first == "ann" })
  }

  @Test("each line says what it should")
  func lines() throws {
    let meeting = try Self.meeting()
    func parameters(_ line: String, _ numeric: String) throws -> [String]? {
      try meeting.ann.ask(line).first { $0.command == numeric }?.parameters
    }
    #expect(try parameters("MOTD", "372") == ["ann", "- Be kind."])
    #expect(try parameters("ADMIN", "256")?.prefix(2) == ["ann", "hubbub.local"])
    #expect(try parameters("ADMIN", "257") == ["ann", "Here"])
    #expect(try parameters("ADMIN", "259") == ["ann", "root@example"])
    #expect(try parameters("TIME", "391")?.prefix(2) == ["ann", "hubbub.local"])
    #expect(try parameters("LINKS", "364") == ["ann", "hubbub.local", "hubbub.local", "0 A test"])
    #expect(try parameters("LINKS", "365")?[1] == "*")
    #expect(try parameters("VERSION", "351")?[2] == "hubbub.local")
    #expect(try parameters("STATS u", "219")?[1] == "u")
    #expect(try meeting.ann.ask("PING tok:en").first?.parameters == ["hubbub.local", "tok:en"])
    #expect(
      try meeting.ann.ask("STATS f #r").first?.parameters.last?.hasPrefix("room members=2") == true)
    #expect(try meeting.bob.ask("STATS f #r").commands == ["482", "219"])
  }

  // "ADMIN: … RPL_ADMINME, RPL_ADMINLOC1, RPL_ADMINLOC2 and RPL_ADMINEMAIL" (Modern IRC)
  @Test("ADMIN answers whole, whatever the settings leave out")
  func administration() throws {
    let server = try TestServer { $0.administration.email = "root@example" }
    let answer = try server.client("ann").ask("ADMIN")
    #expect(answer.commands == ["256", "257", "258", "259"])
    #expect(answer.allSatisfy { $0.parameters.last?.isEmpty == false })
  }

  @Test("HELP explains every mode that there is, and no other")
  func modes() throws {
    let explained = { (topic: [(mode: Character, meaning: String)]) in
      String(topic.map(\.mode).sorted())
    }
    #expect(explained(Help.roomModes) == RoomModes.syntax.letters)
    #expect(explained(Help.userModes) == UserModes.syntax.letters)
    let server = try TestServer()
    let ann = try server.client("ann")
    for topic in ["CMODES", "umodes"] {
      #expect(try ann.ask("HELP \(topic)").commands.first == "704")
    }
  }

  // "reply with a single RPL_HELPSTART message, then arbitrarily many RPL_HELPTXT messages, then a single
  // RPL_ENDOFHELP" (Modern IRC)
  @Test("HELP explains every command that there is", arguments: ["HELP", "HELPOP"])
  func help(command: String) throws {
    let meeting = try Self.meeting()
    let overview = try meeting.ann.ask(command)
    #expect(overview.first?.command == "704")
    #expect(overview.last?.command == "706")
    #expect(overview.dropFirst().dropLast().allSatisfy { $0.command == "705" })
    let listed = overview.filter { $0.command == "705" }
      .flatMap { $0.parameters.last!.split(separator: " ").map(String.init) }
    #expect(listed == Command.table.keys.sorted())
    for name in listed {
      let answer = try meeting.ann.ask("\(command) \(name.lowercased())")
      #expect(answer.commands == ["704", "705", "706"], "\(name)")
      #expect(answer.allSatisfy { $0.parameters[1] == name })
      #expect(answer.first?.parameters.last?.hasPrefix(name) == true)
    }
  }

  // RPL_LUSERCLIENT "There are <u> users and <i> invisible on <s> servers" (Modern IRC)
  @Test("LUSERS counts everybody, in each state")
  func population() throws {
    let meeting = try Self.meeting()
    func counts() throws -> [String] {
      try meeting.ann.ask("LUSERS").map { message in
        ["251", "255"].contains(message.command)
          ? message.parameters.last!
          : message.parameters.dropFirst().dropLast().joined(separator: " ")
      }
    }
    let users = "There are 3 users and 0 invisible on 1 servers"
    #expect(try counts() == [users, "0", "0", "1", "I have 3 clients and 0 servers", "3 3", "3 3"])
    _ = try meeting.ann.ask("MODE ann +i")
    #expect(try counts()[0] == "There are 2 users and 1 invisible on 1 servers")
    _ = try meeting.ann.ask("MODE ann -i")
    let half = try meeting.server.connect()
    try half.send("NICK half", "PING x")
    try half.expect("PONG")
    #expect(try counts()[2] == "1")
    try half.send("USER h 0 * :h")
    try half.expect("422", or: "376")
    #expect(try counts()[2] == "0")
    #expect(try counts()[5] == "4 4")
    try half.send("QUIT")
    _ = try half.readToEnd()
    // Nor does anything remain of who looked in and left.
    let passing = try meeting.server.connect()
    try passing.send("NICK passing", "QUIT")
    _ = try passing.readToEnd()
    // The maximum number stays.
    #expect(try counts() == [users, "0", "0", "1", "I have 3 clients and 0 servers", "3 4", "3 4"])
  }

  private static func meeting() throws -> Meeting {
    try Meeting { configuration in
      configuration.messageOfTheDay = ["Be kind.", ""]
      configuration.serverDescription = "A test"
      configuration.administration.location = "Here"
      configuration.administration.organization = "Us"
      configuration.administration.email = "root@example"
    }
  }
}

extension ScriptedClient {
  /// Reads on to a message with one of two numerics.
  func expect(_ command: String, or other: String) throws {
    _ = try read { $0.command == command || $0.command == other }
  }
}
