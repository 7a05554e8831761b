import HubbubDial
import IRCWire
import Testing

@testable import HubbubServer

/// P9: every command before, during and after registration, with 0 to n parameters, on self, on nobody, on a
/// stranger's room, on a room that just emptied. A new command is in the table, and so in here, by itself.
@Suite struct EveryCommandTests {
  /// Where in its life a connection is when the commands come.
  enum Stage: CaseIterable, CustomTestStringConvertible {
    case before, during, after

    var testDescription: String { "\(self) registration" }
  }

  @Test(
    "after every command, whatever its parameters, the connection answers, in lines that are well-formed",
    arguments: Stage.allCases)
  func everything(stage: Stage) throws {
    let server = try TestServer {
      $0.limits.registration = .seconds(600)
      // The stranger reads nothing while NICKs want its name, and a slow machine takes its time.
      $0.limits.wantedNickname = .seconds(600)
      $0.serverName = Self.serverName
    }
    let stranger = try server.client("stranger")
    try stranger.join("#theirs")
    var subject = try Subject(server, stage)
    for name in Command.table.keys.sorted() {
      for parameters in Self.parameterLists(longest: stage == .after ? 6 : 2) {
        try subject.say(name, parameters)
      }
    }
    // Nobody else noticed: what reached the stranger is well-formed as well.
    for message in try stranger.messagesUntilNow() { Self.check(message, "to the stranger") }
    #expect(subject.sent > 500)
  }

  // MARK: What is said

  private static let serverName = "hubbub.test"

  /// 0 to n parameters: n times the same target, each target with text, and the shapes that commands expect.
  private static func parameterLists(longest: Int) -> [[String]] {
    let targets = [
      "me", "nobody", "stranger", "#theirs", "#mine", "#emptied", "#nowhere", "*", "", ":", "0",
      "-1",
      "99999999999999999999", "+o", "-k+l", "+b", "LS", "302", String(repeating: "x", count: 300),
      "#a,#b,,#theirs", "me,nobody,stranger",
    ]
    let repeated = targets.flatMap { target in
      (1...longest).map { count in Array(repeating: target, count: count) }
    }
    let texts = ["text of several words", "", ":", "+o", "-1"]
    let rooms = ["#theirs", "#mine", "#emptied", "#nowhere", "me", "nobody", "stranger"]
    let pairs = rooms.flatMap { room in
      texts.map { [room, $0] } + ["me", "nobody", "stranger"].map { [room, $0, "a comment"] }
        + ["me", "nobody", "stranger", "5", "key"].flatMap {
          [[room, "+o", $0], [room, "+lk", $0, $0]]
        }
    }
    return [[]] + repeated + pairs
  }

  // MARK: Who says it

  /// The connection that commands are tried on; a new one takes its place when a command has ended it.
  private struct Subject {
    private let server: TestServer
    private let stage: Stage
    private var client: RawClient
    private var nickname = "*"
    private(set) var sent = 0

    init(_ server: TestServer, _ stage: Stage) throws {
      (self.server, self.stage) = (server, stage)
      client = try RawClient(server.endpoint)
      try begin()
    }

    /// Brings the connection to its stage, with a room of its own and one that just emptied.
    private mutating func begin() throws {
      nickname = "*"
      switch stage {
      case .before: break
      case .during: try client.send("NICK me")
      case .after:
        try client.send("NICK me", "USER me 0 * :Me")
        try client.send("JOIN #mine", "JOIN #emptied", "PART #emptied")
      }
      note(try client.messagesUntilNow(), "beginning")
    }

    mutating func say(_ command: String, _ parameters: [String]) throws {
      sent += 1
      if stage == .after, sent % 16 == 0 { try client.send("JOIN #emptied", "PART #emptied") }
      let said = "\(command) \(parameters)"
      do {
        // A parameter that needs a colon in the middle is one of the things that strangers send.
        let line = ([command] + parameters.dropLast()).joined(separator: " ")
        try client.send(parameters.last.map { "\(line) :\($0)" } ?? line)
        note(try client.messagesUntilNow(), said)
      } catch let end as RawClient.Ended {
        // Whoever is ended is told why.
        note(end.messages, said)
        let last = try #require(end.messages.last, "\(said) ended the connection without a word")
        #expect(
          last.command == "ERROR" && last.parameters.last?.isEmpty == false, "\(said): \(last)")
        client = try RawClient(server.endpoint)
        try begin()
      }
      try restore(after: command)
    }

    /// A command may have renamed or registered the subject; the next one finds it at its stage again.
    private mutating func restore(after command: String) throws {
      let isStillThere =
        stage == .after ? nickname == "me" : !["NICK", "USER", "CAP"].contains(command)
      if isStillThere { return }
      client = try RawClient(server.endpoint)
      try begin()
    }

    private mutating func note(_ messages: [Message], _ said: String) {
      for message in messages {
        EveryCommandTests.check(message, said)
        if message.command == "001" { nickname = message.parameters.first ?? "" }
        if message.command == "NICK", message.source?.name == nickname {
          nickname = message.parameters.last ?? ""
        }
        if message.command.first?.isNumber == true {
          let first = message.parameters.first
          // Before the registration is complete the name may be one that was just given.
          #expect(stage != .after || first == nickname, "\(said): \(message)")
          #expect(first?.isEmpty == false, "\(said): \(message)")
        }
      }
    }
  }

  // MARK: What is answered

  /// A line as a server may send it.
  private static func check(_ message: Message, _ said: String) {
    #expect(
      message.source != nil || ["PING", "ERROR"].contains(message.command), "\(said): \(message)")
    let isWord = message.command.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    #expect(isWord, "\(said): \(message)")
    if message.command.first?.isNumber == true {
      #expect(message.command.count == 3, "\(said): \(message)")
      #expect(message.source?.description == serverName, "\(said): \(message)")
    }
  }
}
