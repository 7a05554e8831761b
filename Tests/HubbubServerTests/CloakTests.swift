import Foundation
import HubbubDial
import HubbubSockets
import IRCWire
import Testing

@testable import HubbubServer

/// Hosts that are no addresses.
@Suite struct CloakTests {
  private static let cloaks = Cloaks(key: Array("not a good secret".utf8), hidesLoopback: false)

  // MARK: The words

  @Test("a cloak hides the address, is a host, and is the same each time")
  func shape() throws {
    for address in ["192.0.2.7", "2001:db8::7", "fe80::1%eth0"] {
      let cloak = Self.cloaks.host(of: address)
      #expect(Self.cloaks.host(of: address) == cloak)
      #expect(cloak.split(separator: ".").map(\.count) == [8, 8, 8, 2], "\(cloak)")
      #expect(Names.isHost(cloak, limit: Names.hostBytes) && IPAddress(cloak) == nil)
      #expect(
        Cloaks(key: Array("another good secret".utf8), hidesLoopback: false).host(of: address)
          != cloak)
    }
    // So that nobody gets another cloak by an accident.
    #expect(Self.cloaks.host(of: "192.0.2.7") == Self.cloaks.host(of: "::ffff:192.0.2.7"))
  }

  @Test(
    "neighbours share the words of the networks that they share",
    arguments: [
      ("192.0.2.7", "192.0.2.8", 2), ("192.0.2.7", "192.0.3.7", 1), ("192.0.2.7", "192.1.2.7", 0),
      ("2001:db8:1:1::1", "2001:db8:1:1:ffff::2", 3), ("2001:db8:1:1::1", "2001:db8:1:2::1", 2),
      ("2001:db8:1:1::1", "2001:db8:2:1::1", 1), ("2001:db8:1:1::1", "2001:db9:1:1::1", 0),
    ])
  func networks(one: String, other: String, shared: Int) {
    let words = [one, other].map { Self.cloaks.host(of: $0).split(separator: ".") }
    for place in 0..<3 { #expect((words[0][place] == words[1][place]) == (place >= 3 - shared)) }
  }

  @Test("clients of this machine are shown as ever, unless everybody is to be hidden")
  func loopback() {
    for address in ["127.0.0.1", "0::1", "unknown"] {
      #expect(Self.cloaks.host(of: address) == address)
    }
    let all = Cloaks(key: [1], hidesLoopback: true)
    #expect(all.host(of: "127.0.0.1").hasSuffix(".ip") && all.host(of: "0::1").hasSuffix(".ip"))
  }

  // HMAC-SHA-256, RFC 4231 section 4.3.
  @Test func hash() {
    let hash = KeyedHash.sha256(
      of: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
    #expect(hash.prefix(6) == [0x5B, 0xDC, 0xC1, 0x46, 0xBF, 0x60] && hash.count == 32)
  }

  // MARK: By default

  @Test(
    "addresses are hidden where the server can be reached from anywhere",
    arguments: [
      (["127.0.0.1", "::1"], nil, .nobody),
      (["localhost", "192.168.1.2", "fd00::1"], nil, .nobody),
      (["127.0.0.1", "0.0.0.0"], nil, .others), (["::"], nil, .others), (["*"], nil, .others),
      (["203.0.113.9"], nil, .others), (["chat.example"], nil, .others),
      (["0.0.0.0"], false, .nobody), (["127.0.0.1"], true, .everybody),
    ] as [([String], Bool?, Cloaks.Extent)])
  func extent(hosts: [String], cloaks: Bool?, extent: Cloaks.Extent) {
    var configuration = Configuration()
    configuration.endpoints = hosts.map { Endpoint(host: $0, port: 6667) }
    configuration.cloaks = cloaks
    #expect(configuration.cloakExtent == extent)
    (configuration.secureEndpoints, configuration.endpoints) = (configuration.endpoints, [])
    #expect(configuration.cloakExtent == extent)
  }

  // MARK: The key

  @Test("the key lies beside the ban file, or else where the state of a service or a user is")
  func places() {
    func path(_ banFile: String?, _ key: String?, _ environment: [String: String]) -> String? {
      var configuration = Configuration()
      configuration.banFile = banFile
      configuration.cloakKeyFile = key
      return CloakKey(configuration) { environment[$0] }.path
    }
    let home = ["HOME": "/home/ann"]
    #expect(path("/v/bans.yaml", "/k", home) == "/k")
    #expect(path("/v/bans.yaml", nil, home) == "/v/cloak.key")
    #expect(path("bans.yaml", nil, home) == "cloak.key")
    #expect(path(nil, nil, home) == "/home/ann/.local/state/hubbub/cloak.key")
    #expect(
      path(nil, nil, ["XDG_STATE_HOME": "/x", "HOME": "/home/ann"]) == "/x/hubbub/cloak.key")
    #expect(path(nil, nil, ["STATE_DIRECTORY": "/a:/b", "XDG_STATE_HOME": "/x"]) == "/a/cloak.key")
    #expect(path(nil, nil, [:]) == nil)
  }

  private static func configuration(_ folder: TemporaryFolder) -> Configuration {
    var configuration = Configuration()
    configuration.endpoints = [Endpoint(host: "127.0.0.1", port: 0)]
    configuration.cloaks = true
    configuration.cloakKeyFile = folder.path(of: "cloak.key")
    return configuration
  }

  private static func cloaks(_ configuration: Configuration, isTrial: Bool = false) throws
    -> Cloaks?
  {
    var settings = ServerSettings()
    settings.configuration = configuration
    return try Cloaks.make(settings, in: "hubbub.yaml", isTrial: isTrial, LogRecord().logger)
  }

  @Test("the key is made once, for the server's user alone, and stays the same over restarts")
  func keptKey() throws {
    let folder = try TemporaryFolder()
    let configuration = Self.configuration(folder)
    _ = try Self.cloaks(configuration, isTrial: true)
    #expect(throws: (any Error).self) { try folder.read("cloak.key") }
    let first = try Self.cloaks(configuration)?.host(of: "192.0.2.7")
    let key = try folder.read("cloak.key")
    #expect(key.count == 65 && key.dropLast().allSatisfy(\.isHexDigit))
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path(of: "cloak.key"))
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["cloak.key"])
    #expect(try Self.cloaks(configuration)?.host(of: "192.0.2.7") == first)
    #expect(try folder.read("cloak.key") == key)
    // One's own will do, with or without an end of the line.
    try folder.write("cloak.key", "sixteen bytes are\n")
    let own = try Self.cloaks(configuration)?.host(of: "192.0.2.7")
    try folder.write("cloak.key", "sixteen bytes are")
    let same = try Self.cloaks(configuration)?.host(of: "192.0.2.7")
    #expect(own != first && own == same)
  }

  @Test("a key is never made through a symbolic link, nor one overwritten that is none")
  func careful() throws {
    let folder = try TemporaryFolder()
    let configuration = Self.configuration(folder)
    try folder.write("cloak.key", "short\n")
    #expect(throws: SettingsError.self) { try Self.cloaks(configuration) }
    #expect(throws: SettingsError.self) { try Self.cloaks(configuration, isTrial: true) }
    #expect(try folder.read("cloak.key") == "short\n")
    try FileManager.default.removeItem(atPath: folder.path(of: "cloak.key"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(of: "cloak.key"), withDestinationPath: folder.path(of: "elsewhere"))
    #expect(throws: SettingsError.self) { try Self.cloaks(configuration) }
    #expect(throws: (any Error).self) { try folder.read("elsewhere") }
  }

  @Test("where nobody asked for cloaks and their key cannot be kept, they hold for this run")
  func unkept() throws {
    let folder = try TemporaryFolder()
    var settings = ServerSettings()
    settings.configuration.endpoints = [Endpoint(host: "0.0.0.0", port: 0)]
    settings.configuration.banFile = folder.path(of: "missing/bans.yaml")
    let log = LogRecord()
    let cloaks = try Cloaks.make(settings, in: "x", isTrial: false, log.logger)
    #expect(cloaks?.host(of: "192.0.2.7").hasSuffix(".ip") == true)
    #expect(log.find { $0.contains("cloaks last until the server ends") } != nil)
    settings.configuration.cloaks = true
    for isTrial in [false, true] {
      #expect(throws: SettingsError.self) {
        try Cloaks.make(settings, in: "x", isTrial: isTrial, log.logger)
      }
    }
  }

  // MARK: On the wire

  /// A server that hides everybody, with ann, who operates it and #r, and bob.
  private struct Stage {
    let folder: TemporaryFolder
    let server: TestServer
    let ann, bob: ScriptedClient
    let cloak: String

    init(capabilities: [String] = []) throws {
      let folder = try TemporaryFolder()
      server = try TestServer {
        $0 = CloakTests.configuration(folder)
        $0.operators = [OperatorAccount(name: "ann", passwordHash: SettingsTests.hash)]
      }
      self.folder = folder
      ann = try server.client("ann")
      bob = try server.client("bob", capabilities: capabilities)
      #expect(try ann.ask("OPER ann secret").commands.first == "381")
      try ann.join("#r")
      cloak = server.server.hub.shownHost(of: "127.0.0.1")
    }
  }

  private static let everything = [
    "userhost-in-names", "extended-join", "chghost", "away-notify", "setname", "invite-notify",
    "multi-prefix", "extended-monitor", "echo-message", "message-tags", "server-time",
    "labeled-response", "batch", "draft/message-redaction", "draft/channel-rename",
  ]

  @Test("nothing that a stranger is told has the address in it", arguments: [[], everything])
  func strangers(capabilities: [String]) throws {
    let stage = try Stage(capabilities: capabilities)
    let (server, ann, bob) = (stage.server, stage.ann, stage.bob)
    let shy = try server.connect()
    try shy.send("NICK shy", "USER shy 0 * :Shy")
    var heard = try shy.read { $0.command == "422" }
    #expect(heard.first?.parameters.last?.hasSuffix("shy!~shy@\(stage.cloak)") == true)
    #expect(
      heard.first { $0.command == "396" }?.parameters
        == ["shy", stage.cloak, "is now your displayed host"])
    heard += try bob.ask("MONITOR + cem,dan,shy")
    try bob.join("#r")
    let cem = try server.client("cem")
    for line in [
      "JOIN #r", "PRIVMSG #r :x", "PRIVMSG bob :x", "NOTICE bob :x", "TAGMSG bob", "AWAY :tea",
      "AWAY", "SETNAME :Cem", "NICK dan", "PART #r :x", "JOIN #r", "JOIN #s", "INVITE bob #s",
      "TOPIC #s :tea", "MODE #s +b-b 10.0.0.0/8 10.0.0.0/8", "RENAME #s #t",
    ] { _ = try cem.ask(line) }
    for line in ["MODE #r +b zoe", "TOPIC #r :tea", "INVITE bob #u"] { _ = try ann.ask(line) }
    for line in [
      "NAMES #r", "WHO #r", "WHO *", "WHO #r %tcuhsnfdlaor,1", "WHO dan %i", "WHOIS ann",
      "WHOIS dan",
      "WHOIS shy", "USERHOST ann dan shy", "ISON dan", "TOPIC #r", "MODE #r b", "LIST", "JOIN #t",
      "WHO 127.0.0.1", "WHO 127.0.0.0/8", "WHO *!*@127.*", "STATS k", "STATS o", "STATS f", "ADMIN",
      "VERSION", "INFO", "LINKS", "MONITOR S", "WHOWAS cem", "LUSERS",
    ] { heard += try bob.ask(line) }
    _ = try ann.ask("CHGHOST dan dan tea.example")
    heard += try bob.ask("WHOIS dan")
    _ = try ann.ask("KICK #r dan :x")
    _ = try ann.ask("KILL dan :x")
    shy.close()
    heard += try bob.read { $0.command == "731" && $0.parameters.last == "shy" }
    heard += try bob.ask("WHOWAS dan") + bob.ask("WHOWAS shy")
    #expect(heard.count > 60)
    // The end of a WHO repeats what was asked for.
    for message in heard where message.command != "315" {
      #expect(!"\(message)".contains("127.0.0"), "\(message)")
    }
    #expect(heard.contains { "\($0)".contains(stage.cloak) })
    // Nothing was found by an address either.
    let found = try bob.ask("WHO 127.0.0.0/8").filter { $0.command == "352" }
    #expect(found.map { $0.parameters[5] } == ["bob"])
    #expect(try bob.ask("WHO *.ip").filter { $0.command == "352" }.count == 2)
  }

  @Test("operators and the person itself see the address, and the log has it")
  func insiders() throws {
    let stage = try Stage()
    func address(_ client: ScriptedClient, _ line: String) throws -> String? {
      try client.ask(line).first { $0.command == "338" }?.parameters[2]
    }
    #expect(try address(stage.ann, "WHOIS bob") == "127.0.0.1")
    #expect(try address(stage.bob, "WHOIS bob") == "127.0.0.1")
    #expect(try address(stage.bob, "WHOIS ann") == nil)
    #expect(try stage.ann.ask("WHO 127.0.0.0/8").commands == ["352", "352", "315"])
    #expect(try stage.ann.ask("WHO bob %i").first?.parameters.last == "127.0.0.1")
    stage.bob.close()
    #expect(
      stage.server.log.waitForLine(containing: "disconnect", "nick=bob", "from=127.0.0.1") != nil)
    #expect(try address(stage.ann, "WHOWAS bob") == "127.0.0.1")
  }

  @Test("bans hold by cloak, by its networks, by address and by network")
  func bans() throws {
    let stage = try Stage()
    let words = stage.cloak.split(separator: ".")
    for mask in [
      "*!*@\(stage.cloak)", stage.cloak.uppercased(), "*.\(words[1]).\(words[2]).ip",
      "*.\(words[2]).ip", "127.0.0.1", "127.0.0.0/8", "127.*", "bob@::ffff:127.0.0.1",
    ] {
      #expect(try stage.ann.ask("MODE #r +b \(mask)").commands == ["MODE"])
      #expect(try stage.bob.ask("JOIN #r").commands == ["474"], "\(mask)")
      _ = try stage.ann.ask("MODE #r -b \(mask)")
    }
    // Also where an operator has given another host.
    _ = try stage.ann.ask("CHGHOST bob bob tea.example")
    _ = try stage.bob.messagesUntilNow()
    for mask in [stage.cloak, "127.0.0.0/8", "tea.example", "~bob@127.0.0.1"] {
      _ = try stage.ann.ask("MODE #r +b \(mask)")
      #expect(try stage.bob.ask("JOIN #r").commands == ["474"], "\(mask)")
      _ = try stage.ann.ask("MODE #r -b \(mask)")
    }
    for (number, ban) in ["*@\(stage.cloak)", "dan@127.0.0.0/8", "*@*.\(words[2]).ip"].enumerated()
    {
      let guest = try stage.server.connect()
      try guest.send("NICK dan\(number)", "USER dan 0 * :Dan")
      try guest.expect("422")
      _ = try stage.ann.ask("KLINE \(ban) :x")
      #expect(try guest.readToEnd().last?.command == "ERROR", "\(ban)")
      _ = try stage.ann.ask("UNKLINE \(ban)")
    }
  }
}
