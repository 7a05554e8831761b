import Foundation
import HubbubRooms
import HubbubThreads
import IRCWire
import Testing

@testable import HubbubServer

@Suite struct BanTests {
  // MARK: Whom a mask bans

  @Test(
    "a mask of user@host",
    arguments: [
      ("*@192.0.2.7", true), ("*@192.0.2.*", true), ("~ann@*", true), ("ann@*", true),
      ("ANN@192.*", true), ("bob@*", false), ("*@192.0.3.*", false), ("nn@*", false),
      ("?nn@*", true), ("192.0.2.0/24", true), ("192.0.3.0/24", false),
      ("a*@192.0.2.0/24", true), ("b*@192.0.2.0/24", false), ("a*@192.0.3.0/24", false),
    ])
  func masks(text: String, isBanned: Bool) throws {
    var profile = Profile(host: "192.0.2.7", signedOn: .now)
    profile.nickname = "nick"
    profile.userName = "~ann"
    let ban = Self.ban(try ServerBan.Target(text))
    #expect(ban.matches(profile.maskSubject, from: IPAddress(profile.host)) == isBanned)
  }

  // MARK: The list

  private static func ban(
    _ target: ServerBan.Target, at time: Int64 = 1000, until: Int64? = nil
  ) -> ServerBan {
    ServerBan(
      target: target, reason: "\"no\": # tea", setBy: "ann!~a@h",
      setAt: Timestamp(milliseconds: time),
      expiresAt: until.map(Timestamp.init(milliseconds:)))
  }

  private static func network(_ text: String) -> ServerBan.Target { .network(AddressRange(text)!) }

  @Test("a ban ends by itself, at its time and not before")
  func expiry() throws {
    let list = try BanList(file: nil)
    #expect(list.add(Self.ban(Self.network("192.0.2.1"), until: 5000), upTo: 9))
    #expect(list.add(Self.ban(Self.network("192.0.2.2")), upTo: 9))
    func isBanned(_ address: String, at time: Int64) -> Bool {
      list.ban(ofAddress: address, at: Timestamp(milliseconds: time)) != nil
    }
    #expect(isBanned("192.0.2.1", at: 4999))
    #expect(!isBanned("192.0.2.1", at: 5000))
    #expect(isBanned("192.0.2.2", at: .max))
    #expect(list.all(at: Timestamp(milliseconds: 5000)).count == 1)
    #expect(list.dropExpired(at: Timestamp(milliseconds: 4999)).isEmpty)
    #expect(list.dropExpired(at: Timestamp(milliseconds: 5000)).count == 1)
    #expect(list.dropExpired(at: Timestamp(milliseconds: 5000)).isEmpty)
  }

  @Test("one target has one ban, and there are no more than the limit")
  func limit() throws {
    let list = try BanList(file: nil)
    #expect(list.add(Self.ban(Self.network("192.0.2.1")), upTo: 2))
    #expect(list.add(Self.ban(try ServerBan.Target("a@b"), until: 2000), upTo: 2))
    #expect(!list.add(Self.ban(Self.network("192.0.2.2")), upTo: 2))
    // The same again, and when one is over, there is room.
    #expect(list.add(Self.ban(Self.network("192.0.2.1/32"), until: 9000), upTo: 2))
    #expect(list.all(at: Timestamp(milliseconds: 1000)).count == 2)
    #expect(list.add(Self.ban(Self.network("192.0.2.2"), at: 2000), upTo: 2))
    #expect(list.remove(Self.network("192.0.2.2")) != nil)
    #expect(list.remove(Self.network("192.0.2.2")) == nil)
  }

  @Test("bans are read back from their file as they were")
  func file() throws {
    let folder = try TemporaryFolder()
    let file = BanFile(path: folder.path(of: "bans.yaml"))
    let list = try BanList(file: file)
    let log = LogRecord()
    #expect(list.save(log.logger) == nil)
    #expect(throws: (any Error).self) { try folder.read("bans.yaml") }
    for target in [
      Self.network("::1"), try .init("a*@192.0.2.0/24"), try .init("a*~`'\"{}[]&*#|>%\\@*"),
      try .init("~@::ffff:192.0.*"),
    ] {
      #expect(list.add(Self.ban(target, until: 9_999_999_999_999), upTo: 9))
    }
    #expect(list.add(Self.ban(Self.network("2001:db8::/32")), upTo: 9))
    #expect(list.save(log.logger) == nil)
    let now = Timestamp(milliseconds: 2000)
    #expect(try BanList(file: file).all(at: now) == list.all(at: now))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["bans.yaml"])
    try folder.write("bans.yaml", "bans:\n- target: nonsense\n")
    do throws(SettingsError) {
      _ = try BanList(file: file)
      Issue.record("A broken ban file was accepted.")
    } catch {
      #expect("\(error)".contains("bans.yaml:2:11: bans[1].target: expected a mask of user@host"))
      #expect("\(error)".contains("'nonsense' is neither an address nor a network"))
    }
  }

  /// L9
  @Test(
    "a disk that fails raises an alarm and costs nobody anything, and the next change tries again")
  func diskFailure() throws {
    let folder = try TemporaryFolder()
    let file = BanFile(path: folder.path(of: "missing/bans.yaml"))
    let list = try BanList(file: file)
    let log = LogRecord()
    #expect(list.add(Self.ban(Self.network("192.0.2.1")), upTo: 9))
    #expect(list.save(log.logger) == "No such file or directory")
    #expect(log.find { $0.contains("critical bans not saved") && $0.contains("missing") } != nil)
    #expect(list.ban(ofAddress: "192.0.2.1", at: .now) != nil)
    try FileManager.default.createDirectory(
      atPath: folder.path(of: "missing"), withIntermediateDirectories: false)
    #expect(list.save(log.logger) == nil)
    #expect(try BanList(file: file).ban(ofAddress: "192.0.2.1", at: .now) != nil)
    // The folder is gone again, and what was in it.
    #expect(list.add(Self.ban(Self.network("192.0.2.2")), upTo: 9))
    try FileManager.default.moveItem(
      atPath: folder.path(of: "missing"), toPath: folder.path(of: "moved"))
    #expect(list.save(log.logger) == "No such file or directory")
    #expect(!list.isSaved)
    try FileManager.default.moveItem(
      atPath: folder.path(of: "moved"), toPath: folder.path(of: "missing"))
    #expect(try BanList(file: file).all(at: .now).count == 1)
    #expect(list.save(log.logger) == nil)
    #expect(try BanList(file: file).all(at: .now).count == 2)
  }

  // MARK: By operators

  private static func stage(banFile: String? = nil) throws -> (TestServer, ScriptedClient) {
    let server = try TestServer {
      $0.operators = [OperatorAccount(name: "ann", passwordHash: SettingsTests.hash)]
      $0.banFile = banFile
    }
    let ann = try server.client("ann")
    #expect(try ann.ask("OPER ann secret").commands.first == "381")
    return (server, ann)
  }

  @Test("KLINE ends those who are here, keeps them out, and UNKLINE lets them in again")
  func kline() throws {
    let (server, ann) = try Self.stage()
    let bob = try server.client("bob")
    let cem = try server.client("cem")
    let half = try server.connect()
    try half.send("USER bob 0 * :Bob")
    _ = try half.messagesUntilNow()
    let answer = try ann.ask("KLINE bob@127.* :no tea")
    #expect(
      answer.compactMap { $0.parameters.last }
        == ["bob@127.* is banned for ever; connections ended: 2."])
    for banned in [bob, half] {
      #expect(try banned.readToEnd().last?.parameters[0].contains("Banned: no tea") == true)
    }
    #expect(try cem.messagesUntilNow().isEmpty)
    // Under another nickname: who was ended may still be leaving.
    let again = try server.connect()
    try again.send("NICK rob", "USER bob 0 * :Bob")
    let seen = try again.readToEnd()
    // "465 ERR_YOUREBANNEDCREEP: Returned to indicate that the server has been configured to explicitly
    // deny connections from this client." (Modern IRC)
    #expect(seen.commands == ["465", "ERROR"])
    #expect(seen[0].parameters == ["rob", "You are banned from this server: no tea"])
    #expect(
      server.log.waitForLine(
        containing: "command=KLINE", "target=bob@127.*", "by=ann!", "reason=no tea") != nil)
    let list = try ann.ask("STATS k")
    #expect(list.commands == ["216", "219"])
    #expect(list[0].parameters.prefix(5) == ["ann", "K", "127.*", "*", "bob"])
    #expect(list[0].parameters[5].hasPrefix("no tea (for ever, by ann!"))
    #expect(
      try ann.ask("UNKLINE bob@127.*").compactMap { $0.parameters.last }
        == ["bob@127.* is no longer banned."])
    let back = try server.connect()
    try back.send("NICK cob", "USER bob 0 * :Bob")
    try back.expect("001")
    #expect(try ann.ask("UNKLINE bob@127.*").first?.parameters.last?.contains("no ban") == true)
    #expect(try ann.ask("STATS k").commands == ["219"])
  }

  @Test("KLINE knows networks as well")
  func userInNetwork() throws {
    let (server, ann) = try Self.stage()
    let (bob, cem) = (try server.client("bob"), try server.client("cem"))
    let answer = try ann.ask("KLINE b*@127.0.0.0/8 :no tea")
    #expect(
      answer.last?.parameters.last == "b*@127.0.0.0/8 is banned for ever; connections ended: 1.")
    _ = try bob.readToEnd()
    #expect(try cem.messagesUntilNow().isEmpty)
    let list = try ann.ask("STATS k")
    #expect(list.first?.parameters.prefix(5) == ["ann", "K", "127.0.0.0/8", "*", "b*"])
    #expect(
      try ann.ask("UNKLINE b*@127.0.0.0/8").last?.parameters.last?.contains("no longer") == true)
  }

  @Test(
    "a ban of IPv6 addresses is one word in the list",
    arguments: ["KLINE a@::/16", "KLINE a@::1", "DLINE 0::1"])
  func ipv6InList(line: String) throws {
    let (server, ann) = try Self.stage()
    _ = try ann.ask("\(line) :no tea")
    let list = try withExtendedLifetime(server) { try ann.ask("STATS k") }
    #expect(list[0].parameters.count == 6)
    #expect(list[0].parameters[2].hasPrefix("0::"))
  }

  @Test("DLINE refuses an address before it is greeted, and operators stay")
  func dline() throws {
    let (server, ann) = try Self.stage()
    let bob = try server.client("bob")
    try ann.send("DLINE 1h 127.0.0.0/8 :flood")
    let seen = try bob.readToEnd()
    #expect(seen.last?.parameters[0].contains("Banned: flood") == true, "\(seen)")
    let refused = try server.connect().readToEnd()
    #expect(refused.commands == ["ERROR"])
    #expect(refused[0].parameters[0].contains("Your address is banned"))
    let list = try ann.ask("STATS k")
    #expect(list.last { $0.command == "216" }?.parameters.prefix(3) == ["ann", "D", "127.0.0.0/8"])
    #expect(list.last { $0.command == "216" }?.parameters[5].contains("flood (until 2") == true)
    _ = try ann.ask("UNDLINE 127.0.0.1/8")
    _ = try server.client("rob")
  }

  @Test(
    "a ban that cannot be is refused with the reason",
    arguments: [
      ("KLINE *@* :x", "would ban everybody"), ("KLINE *?@*.*", "would ban everybody"),
      ("KLINE a!b@c :x", "names a nickname"), ("DLINE 0.0.0.0/0", "would ban everybody"),
      ("DLINE 0::/0", "would ban everybody"), ("DLINE nonsense :x", "neither an address"),
      ("DLINE 1h nonsense :x", "neither an address"), ("UNDLINE x", "neither an address"),
      ("KLINE 5 a@b.example :x", "a@b.example is banned until"),
      ("KLINE b.example", "*@b.example is banned for ever"),
      ("KLINE 10 :x", "Nobody is called 'x'"),
      ("DLINE 999999999999999999d 192.0.2.1 :x", "no duration"),
      ("KLINE 2w *@bad.example :spam", "*@bad.example is banned until"),
      ("KLINE 0 *@z.example :z", "*@z.example is banned for ever"),
      ("KLINE *@192.0.2.1 10s :x", "no duration"), ("DLINE 192.0.2.1 1h :x", "no duration"),
      ("KLINE 5x *@bad.example", "neither a mask"), ("KLINE 99999999999 *@h", "neither a mask"),
      ("KLINE *?@0.0.0.0/0", "would ban everybody"), ("KLINE a@::/0", "a@::/0 is banned for ever"),
    ])
  func refused(line: String, text: String) throws {
    let (server, ann) = try Self.stage()
    let answer = try withExtendedLifetime(server) { try ann.ask(line) }
    #expect(answer.commands == ["NOTICE"])
    #expect(answer.first?.parameters.last?.contains(text) == true, "\(answer)")
  }

  @Test("bans are kept over a restart")
  func restart() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "bans.yaml")
    do {
      let (server, ann) = try Self.stage(banFile: path)
      _ = try ann.ask("KLINE bob@* :no tea")
      _ = try ann.ask("KLINE cem@* :no tea")
      _ = try ann.ask("UNKLINE cem@*")
      server.stop()
    }
    let (server, _) = try Self.stage(banFile: path)
    #expect(throws: (any Error).self) { try server.client("bob") }
    _ = try server.client("cem")
  }

  /// L9
  @Test("an operator is told that a ban holds and could not be written")
  func notWritten() throws {
    let folder = try TemporaryFolder()
    let (server, ann) = try Self.stage(banFile: folder.path(of: "missing/bans.yaml"))
    #expect(server.log.waitForLine(containing: "bans cannot be kept", "missing") != nil)
    let answer = try ann.ask("KLINE bob@* :no tea")
    #expect(
      answer.compactMap { $0.parameters.last } == [
        "The bans hold, but could not be written to their file: No such file or directory.",
        "bob@* is banned for ever; connections ended: 0.",
      ])
    #expect(throws: (any Error).self) { try server.client("bob") }
  }

  /// operator                       newcomer
  ///                                is checked: no ban
  /// adds the ban, ends those who match
  ///                                is registered
  @Test("nobody slips in between a ban's check and its being set")
  func slippingIn() throws {
    let (server, ann) = try Self.stage()
    for round in 0..<40 {
      let bob = try server.connect()
      try bob.send("NICK bob\(round)", "USER bob 0 * :Bob")
      try ann.send("KLINE bob@* :no tea")
      // It waits until the end of the connection, or fails at a deadline.
      let end = try bob.readToEnd().last
      #expect(end?.command == "ERROR" && end?.parameters[0].contains("no tea") == true)
      _ = try ann.ask("UNKLINE bob@*")
    }
  }
}
