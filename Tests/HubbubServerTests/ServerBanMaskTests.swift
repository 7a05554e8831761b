import HubbubRooms
import IRCWire
import Testing

@testable import HubbubServer

/// Whom KLINE and DLINE are of, and masks in the settings and in the ban file.
@Suite struct ServerBanMaskTests {
  /// ann operates the server. She comes from this machine as all others do, and no ban ends an operator.
  private static func stage(
    _ change: (inout Configuration) -> Void = { _ in }
  ) throws -> (TestServer, ScriptedClient) {
    let server = try TestServer {
      $0.operators = [OperatorAccount(name: "ann", passwordHash: SettingsTests.hash)]
      change(&$0)
    }
    let ann = try server.client("ann")
    #expect(try ann.ask("OPER ann secret").commands.first == "381")
    return (server, ann)
  }

  @Test(
    "KLINE and DLINE of a nickname ban the address of whoever has it",
    arguments: [("KLINE", "*@127.0.0.1"), ("DLINE", "127.0.0.1")])
  func nickname(command: String, target: String) throws {
    let (server, ann) = try Self.stage()
    let bob = try server.client("bob")
    #expect(
      try ann.ask("\(command) 1h BOB :no tea").last?.parameters.last?.hasPrefix(
        "\(target) is banned until") == true)
    #expect(try bob.readToEnd().last?.parameters.last?.contains("Banned: no tea") == true)
    #expect(throws: (any Error).self) { try server.client("cem") }
    // Of one who has gone, the address is known from WHOWAS.
    #expect(server.log.waitForLine(containing: "disconnect", "nick=bob") != nil)
    #expect(
      try ann.ask("UN\(command) bob").last?.parameters.last == "\(target) is no longer banned.")
    _ = try server.client("dan")
  }

  @Test("a ban is lifted by a nickname though another has it by now")
  func nicknameOfAnother() throws {
    let (server, ann) = try Self.stage()
    let bob = try server.client("bob")
    try ann.send("KLINE bob :x")
    _ = try bob.readToEnd()
    #expect(server.log.waitForLine(containing: "disconnect", "nick=bob") != nil)
    _ = try ann.ask("NICK bob")
    #expect(
      try ann.ask("UNKLINE bob").last?.parameters.last == "*@127.0.0.1 is no longer banned.")
  }

  @Test("WHO finds people by address, network and user name as masks do")
  func who() throws {
    let (server, ann) = try Self.stage()
    let bob = try server.client("bob")
    for mask in [
      "127.0.0.0/8", "::ffff:127.0.0.1", "*!bob@*", "bob@127.*", "~bob@127.0.0.1", "?bob", "bo?",
    ] {
      let found = try bob.ask("WHO \(mask)").filter { $0.command == "352" }
      #expect(found.contains { $0.parameters[5] == "bob" }, "\(mask)")
    }
    for mask in ["10.0.0.0/8", "::/0", "127.0.0.0/33", "zoe@127.*"] {
      #expect(try ann.ask("WHO \(mask)").commands == ["315"], "\(mask)")
    }
  }

  @Test(
    "a nickname that nobody has is refused, and no host of that name is banned",
    arguments: [
      "KLINE nobody :x", "KLINE 1h nobody :x", "UNKLINE nobody", "DLINE nobody", "UNDLINE nobody",
    ])
  func nobody(line: String) throws {
    let (server, ann) = try Self.stage()
    let answer = try withExtendedLifetime(server) { try ann.ask(line) }
    #expect(answer.commands == ["NOTICE"])
    let text = answer.first?.parameters.last ?? ""
    #expect(text.contains("Nobody is called 'nobody'") || text.contains("nor anybody's nickname"))
    #expect(try ann.ask("STATS k").commands == ["219"])
  }

  @Test(
    "KLINE and DLINE know addresses and networks in every spelling",
    arguments: [
      ("KLINE bob@127.0.0.0/8", "UNKLINE ~bob@127.3.3.3/8"),
      ("KLINE 127.0.0.1", "UNKLINE *@127.0.0.1/32"),
      ("KLINE ::ffff:127.0.0.1", "UNKLINE 127.0.0.1"),
      ("KLINE *@::FFFF:7F00:1", "UNKLINE 127.0.0.1"),
      ("KLINE b*@127.0.*", "UNKLINE B*@127.0.*"), ("KLINE 127.0.0.0/8", "UNKLINE *@127.0.0.0/8"),
      ("DLINE ::ffff:127.0.0.0/104", "UNDLINE 127.0.0.0/8"),
      ("DLINE 127.0.0.1/32", "UNDLINE 127.0.0.1"),
    ])
  func networks(ban: String, lift: String) throws {
    let (server, ann) = try Self.stage()
    let bob = try server.client("bob")
    try ann.send(ban)
    #expect(try bob.readToEnd().last?.command == "ERROR")
    let answer = try ann.ask(lift)
    #expect(answer.last?.parameters.last?.hasSuffix("is no longer banned.") == true, "\(answer)")
    _ = try server.client("bobby")
  }

  @Test("an IPv6 address that ends the line is one, with its first colon")
  func lastColon() throws {
    let (server, ann) = try Self.stage()
    defer { server.stop() }
    func said(_ line: String) throws -> String? { try ann.ask(line).last?.parameters.last }
    #expect(try said("DLINE ::1") == "::1 is banned for ever; connections ended: 0.")
    #expect(try said("UNDLINE 0::1") == "::1 is no longer banned.")
    #expect(try said("KLINE ::1/64") == "*@::/64 is banned for ever; connections ended: 0.")
    #expect(try said("UNKLINE *@0:0::0/64") == "*@::/64 is no longer banned.")
  }

  @Test(
    "what can match nobody is refused in words",
    arguments: [
      ("KLINE a@300.1.1.1/8", "neither an address"), ("KLINE a@1.2.3.4/33", "no length"),
      ("KLINE @host.example", "user name is empty"), ("KLINE a@", "host is empty"),
      ("KLINE :a b@h", "No user name has a space"), ("KLINE a@127.0.0", "neither an address"),
      ("KLINE *evil*", "has no @host"), ("DLINE 1.2.3.4/33", "no length"),
      ("DLINE *@1.2.3.4", "neither"),
      ("DLINE ::ffff:1.2.3.4/8", "write the network as IPv4"),
      ("KLINE a@b.é", "No host has U+00E9"),
      ("UNKLINE a@1.2.3.4/33", "no length"),
    ])
  func refusals(line: String, reason: String) throws {
    let (server, ann) = try Self.stage()
    let answer = try withExtendedLifetime(server) { try ann.ask(line) }
    #expect(answer.commands == ["NOTICE"])
    #expect(answer.first?.parameters.last?.contains(reason) == true, "\(answer)")
    #expect(try ann.ask("STATS k").commands == ["219"])
  }

  // MARK: In files

  @Test(
    "masks in the settings are refused where they can match nobody, with the line and the reason",
    arguments: [
      ("rooms: [{name: '#r', operators: ['*!*@10.0.0.0/33']}]", "no length of a prefix"),
      ("rooms: [{name: '#r', operators: ['']}]", "A mask cannot be empty"),
      ("rooms: [{name: '#r', operators: ['a b!*@*']}]", "No nickname has a space"),
      (
        "operators: [{name: a, password: '\(SettingsTests.hash)', hosts: ['*@300.1.1.1/8']}]",
        "neither an address"
      ),
      (
        "operators: [{name: a, password: '\(SettingsTests.hash)', hosts: ['n!u@h']}]",
        "names a nickname"
      ),
      ("operators: [{name: a, password: '\(SettingsTests.hash)', hosts: [word]}]", "has no @host"),
      ("classes: [{name: a, addresses: ['127.0.0.0/33']}]", "no length of a prefix"),
      ("classes: [{name: a, addresses: ['::ffff:10.0.0.0/8']}]", "write the network as IPv4"),
    ])
  func settings(text: String, reason: String) {
    do throws(SettingsError) {
      _ = try SettingsFile.parse("\n\(text)\n", file: "s.yaml")
      Issue.record("It was accepted.")
    } catch {
      #expect("\(error)".hasPrefix("s.yaml:2:") && "\(error)".contains(reason), "\(error)")
    }
  }

  @Test(
    "masks in the ban file are refused where they can match nobody, with the line and the reason")
  func banFile() throws {
    let folder = try TemporaryFolder()
    for (target, reason) in [
      ("'*@127.0.0.0/33'", "no length"), ("'a!b@c'", "names a nickname"), ("'@h'", "is empty"),
      ("1.2.3.4.5", "neither an address"),
    ] {
      let path = try folder.write("bans.yaml", "bans:\n- target: ::1\n- target: \(target)\n")
      do throws(SettingsError) {
        _ = try BanFile(path: path).read()
        Issue.record("\(target) was accepted.")
      } catch {
        #expect(
          "\(error)".contains("bans.yaml:3:11: bans[2].target: ") && "\(error)".contains(reason))
      }
    }
  }

  @Test(
    "who operates a room or the server may be said by network, address, host or nickname",
    arguments: [
      "127.0.0.0/8", "*!*@127.0.0.1", "::ffff:127.0.0.1", "bob@127.*", "~bob@127.0.0.0/8", "bob",
      "bob!bob@127.0.0.1",
    ])
  func grants(mask: String) throws {
    let isHost = !mask.contains("!") && mask != "bob"
    let (server, _) = try Self.stage {
      $0.rooms = [PersistentRoom(name: "#r", operators: [mask])]
      $0.operators.append(
        OperatorAccount(
          name: "bob", passwordHash: SettingsTests.hash, hosts: isHost ? [mask] : []))
    }
    let bob = try server.client("bob")
    try bob.send("JOIN #r")
    #expect(try bob.expect("353").parameters.last == "@bob")
    #expect(try bob.ask("OPER bob secret").commands.contains("381"))
  }

  @Test("an account is used from where it came, not from where an operator says it is")
  func originalHost() throws {
    let (server, ann) = try Self.stage {
      $0.operators.append(
        OperatorAccount(name: "bob", passwordHash: SettingsTests.hash, hosts: ["*@10.0.0.0/8"]))
    }
    let bob = try server.client("bob")
    _ = try ann.ask("CHGHOST bob bob 10.0.0.1")
    _ = try bob.messagesUntilNow()
    #expect(try bob.ask("OPER bob secret").commands.contains("381") == false)
  }
}
