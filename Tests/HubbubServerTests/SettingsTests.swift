import HubbubSockets
import Logging
import Testing
import Yams

@testable import HubbubServer

@Suite struct SettingsTests {
  // MARK: What can be said

  @Test("everything a server needs can be said in one file")
  func whole() throws {
    let folder = try TemporaryFolder()
    try folder.write("motd.txt", "Be kind.\nOr leave.\n")
    let file = try folder.write(
      "hubbub.yaml",
      """
      # A comment.
      listen: ["127.0.0.1:6667", {address: "[::]:6697", tls: true}]
      server-name: irc.example
      network: Example
      password: tea, please
      tls: {certificate: cert.pem, key: /etc/key.pem, sts-port: 6697, sts-duration: 7d}
      motd: {file: motd.txt}
      admin:
        location: Here
        email: ann@irc.example
      operators:
      - name: ann
        password: \(Self.hash)
        hosts: ["*@127.0.0.1", "ann@*.example"]
      die: true
      ban-file: bans.yaml
      rooms:
      - name: "#tea"
        topic: Tea, anybody?
        modes: +ntk key
        operators: ["ann!*@*"]
      - {name: '#b'}
      lobby: null
      open-statistics: true
      log: {level: debug, format: json}
      limits:
        clients: 17
        send-lag: 1MiB
        registration: 1m30s
        password-delay: 0
      """)
    let settings = try SettingsFile(file).read()
    let configuration = settings.configuration
    #expect(configuration.endpoints == [Endpoint(host: "127.0.0.1", port: 6667)])
    #expect(configuration.secureEndpoints == [Endpoint(host: "::", port: 6697)])
    #expect(configuration.serverName == "irc.example")
    #expect(configuration.networkName == "Example")
    #expect(configuration.password == "tea, please")
    #expect(
      configuration.tls
        == TLSSettings(
          certificateFile: folder.path(of: "cert.pem"), keyFile: "/etc/key.pem", stsPort: 6697,
          stsDuration: .seconds(7 * 86_400)))
    #expect(configuration.messageOfTheDay == ["Be kind.", "Or leave."])
    #expect(configuration.administration.location == "Here")
    #expect(configuration.administration.email == "ann@irc.example")
    #expect(
      configuration.operators == [
        OperatorAccount(
          name: "ann", passwordHash: Self.hash, hosts: ["*@127.0.0.1", "ann@*.example"])
      ])
    #expect(configuration.allowsDie)
    #expect(configuration.banFile == folder.path(of: "bans.yaml"))
    #expect(
      configuration.rooms == [
        PersistentRoom(
          name: "#tea", topic: "Tea, anybody?", modes: "+ntk key", operators: ["ann!*@*"]),
        PersistentRoom(name: "#b"),
      ])
    #expect(configuration.lobby == nil)
    #expect(configuration.hasOpenStatistics)
    #expect(settings.logLevel == .debug)
    #expect(settings.logFormat == .json)
    #expect(configuration.limits.clients == 17)
    #expect(configuration.limits.sendLagBytes == 1 << 20)
    #expect(configuration.limits.registration == .seconds(90))
    #expect(configuration.limits.passwordDelay == .zero)
    #expect(configuration.limits.nicknameBytes == Limits().nicknameBytes)
  }

  @Test(
    "a file that says that it says nothing is the defaults",
    arguments: ["{}", "{}\n", "# only a comment\n{}\n", "---\n{}\n"])
  func defaults(text: String) throws {
    #expect(try Self.parse(text) == ServerSettings())
  }

  @Test("what --print-config prints reads back as the defaults, and says every option")
  func roundTrip() throws {
    let text = try SettingsPrint.file()
    #expect(try Self.parse(text) == ServerSettings())
    for key in ServerSettings.table.keys {
      let name = key.name.split(separator: ".").last!
      #expect(text.contains("\n\(name):") || text.contains("\n  \(name):"), "\(key.name)")
    }
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test("settings that are not the defaults are written so that they read back the same")
  func writtenRoundTrip() throws {
    var settings = ServerSettings()
    settings.configuration.secureEndpoints = [Endpoint(host: "::", port: 6697)]
    settings.configuration.tls = TLSSettings(certificateFile: "/c", keyFile: "/k")
    settings.configuration.password = "null"
    settings.configuration.messageOfTheDay = ["# no comment", "", "  indented: \"yes\"", "'"]
    settings.configuration.operators = [OperatorAccount(name: "123", passwordHash: Self.hash)]
    settings.configuration.rooms = [
      PersistentRoom(name: "#é", topic: "a: b", modes: ""),
      PersistentRoom(name: "#f", modes: "+if #b"),
    ]
    settings.configuration.reservedNicknames = ReservedNicknames(["root", "[a]*"])
    settings.configuration.lobby = nil
    settings.configuration.limits.pingAfter = .milliseconds(90_500)
    settings.logLevel = .trace
    let text = try Yams.serialize(node: ServerSettings.table.write(settings))
    #expect(try Self.parse(text) == settings)
  }

  @Test("every limit can be set, each by an option of its own")
  func everyLimit() throws {
    let names = Mirror(reflecting: Limits()).children.compactMap(\.label)
    var setBy: [String: String] = [:]
    for key in ServerSettings.limitKeys {
      let value = try Yams.serialize(node: Self.another(than: key.write(ServerSettings()), key))
      let name = key.name.split(separator: ".").last!
      let text = "lobby: null\nlimits:\n  \(name): \(value)"
      let limits = try Self.parse(text).configuration.limits
      let changed = zip(
        Mirror(reflecting: Limits()).children, Mirror(reflecting: limits).children
      ).filter { "\($0.value)" != "\($1.value)" }.compactMap(\.0.label)
      #expect(changed.count == 1, "\(key.name) changes \(changed)")
      for label in changed { setBy[label] = key.name }
    }
    #expect(Set(names) == Set(setBy.keys), "a limit without an option, or the other way round")
  }

  /// A value that the option takes, and that is not its default.
  private static func another(than node: Node, _ key: SettingsKey<ServerSettings>) -> Node {
    let candidates = ["1", "2", "20", "1000", "2000", "20000", "2MiB", "50ms", "500ms", "0s"].map {
      Node($0)
    }
    return candidates.first { candidate in
      var (settings, reading) = (ServerSettings(), SettingsReading(file: ""))
      _ = key.read(candidate, &settings, &reading)
      return reading.problems.isEmpty && !key.isSame(settings, ServerSettings())
    }!
  }

  // MARK: What cannot

  @Test(
    "what cannot be used is refused with its place, what was expected and what was found",
    arguments: [
      ("lissten: []", "1:1: expected an option, found 'lissten'; did you mean 'listen'?"),
      (
        "limits:\n  nick-name: 3",
        "2:3: limits: expected an option of 'limits', found 'nick-name'; did you mean 'nickname'?"
      ),
      (
        "limits:\n  clients: many",
        "2:12: limits.clients: expected a number from 1 to 10000000, found 'many'"
      ),
      (
        "limits: {clients: 0}",
        "1:19: limits.clients: expected a number from 1 to 10000000, found '0'"
      ),
      (
        "limits: {clients: 99999999999999999999}",
        "1:19: limits.clients: expected a number from 1 to 10000000, found '99999999999999999999'"
      ),
      (
        "limits: {clients: [1]}",
        "1:19: limits.clients: expected a number from 1 to 10000000, found a list"
      ),
      (
        "limits: {topic: 4KB}",
        "1:17: limits.topic: expected a number of bytes from 1 to 390, found '4KB'"
      ),
      (
        "limits: {linger: 5}",
        "1:18: limits.linger: expected a duration from 0s to 1m, as in 500ms, 30s, 2m, 1h or 7d, found '5'"
      ),
      ("die: yes", "1:6: die: expected true or false, found 'yes'"),
      ("die:", "1:5: die: expected true or false, found nothing"),
      (
        "server-name: localhost",
        "1:14: server-name: expected a server name: a word with a dot in it, as in chat.example, found 'localhost'"
      ),
      ("network: two words", "1:10: network: expected one word, found 'two words'"),
      (
        "listen: 127.0.0.1",
        "1:9: listen: expected a list, of each: an address, as in '127.0.0.1:6667', '*:6667' or '[::1]:6697', a port, or {address: ADDRESS, tls: true}, found '127.0.0.1'"
      ),
      (
        "listen:\n- 127.0.0.1:66667",
        "2:3: listen[1]: expected an address to listen on, as in '127.0.0.1:6667', '*:6667' or '[::1]:6697', or a port, found '127.0.0.1:66667'"
      ),
      (
        "listen: [{address: '*:1', tls: true}]",
        "1:1: listen: an address listens with TLS; expected 'tls' with a certificate"
      ),
      ("tls: {key: k}", "1:6: tls: 'certificate' is missing: the name of a file"),
      (
        "operators: [{name: a, password: secret}]",
        "1:33: operators[1].password: expected a password's whole hash, as 'hubbub hash-password' prints it, found 'secret'"
      ),
      (
        "rooms: [{name: tea}]",
        "1:16: rooms[1].name: expected the name of a room, as in '#lobby' (in quotes: YAML takes # for a comment), found 'tea'"
      ),
      (
        "rooms:\n- name: '#a'\n- name: '#A'",
        "1:1: rooms: a room is there twice; expected each name once"
      ),
      (
        "rooms: [{name: '#a', modes: +y}]",
        "1:29: rooms[1].modes: expected modes of a room as MODE takes them, as in '+nt' or '+ntk key', found '+y'"
      ),
      ("rooms: [{name: '#a', modes: +l x}]", unusableModes("+l x")),
      ("rooms: [{name: '#a', modes: +l -5}]", unusableModes("+l -5")),
      ("rooms: [{name: '#a', modes: '+k a,b'}]", unusableModes("+k a,b")),
      ("rooms: [{name: '#a', modes: '+b *!*@h'}]", unusableModes("+b *!*@h")),
      ("rooms: [{name: '#a', modes: +o ann}]", unusableModes("+o ann")),
      ("rooms: [{name: '#a', modes: +f b}]", unusableModes("+f b")),
      (
        "reserved-nicknames: ['*']",
        "1:22: reserved-nicknames[1]: expected a nickname, with * and ? for any characters, as in 'NickServ' or '*Serv', found '*'"
      ),
      (
        "log: {level: loud}",
        "1:14: log.level: expected trace, debug, info, notice, warning, error or critical, found 'loud'"
      ),
      (
        "motd: {file: /nowhere/motd}",
        "1:14: motd.file: '/nowhere/motd' cannot be read: No such file or directory"
      ),
      ("die: true\ndie: false", "1:1: 'die' is said twice"),
      ("- a list", "1:1: expected a mapping of options to values, found a list"),
      ("a: [b", "2:1: expected YAML: did not find expected ',' or ']'"),
      ("a:\n\tb: c", "2:1: expected spaces, found a tab: YAML is indented with spaces alone"),
      ("die: true\nx\u{1}: 1", "2:2: expected YAML: control characters are not allowed"),
      ("die: true\n---\ndie: true", "2:1: expected one document, found another behind '---'"),
      ("limits: 5", nil), ("? [a]\n: b", nil),
    ] as [(String, String?)])
  func refused(text: String, problem: String?) {
    do throws(SettingsError) {
      _ = try Self.parse(text)
      Issue.record("It was accepted.")
    } catch {
      #expect(error.problems.count == 1)
      if let problem { #expect("\(error)" == "hubbub.yaml:\(problem)") }
      #expect("\(error)".contains("expected") || problem != nil)
    }
  }

  @Test("all that is wrong is said at once, in the order of the file")
  func allAtOnce() {
    do throws(SettingsError) {
      _ = try Self.parse(
        """
        die: perhaps
        operators:
        - name: ann
        - {name: a b, password: x}
        nonsense: 1
        limits:
          clients: -1
          colour: red
        """)
      Issue.record("It was accepted.")
    } catch {
      #expect(error.problems.map(\.line) == [1, 3, 4, 4, 5, 7, 8])
      #expect(error.problems.allSatisfy { $0.file == "hubbub.yaml" && $0.column != nil })
    }
  }

  @Test("a file that cannot be read is refused with the reason")
  func unreadable() {
    #expect(throws: SettingsError.self) { try SettingsFile("/nowhere/hubbub.yaml").read() }
    do throws(SettingsError) {
      _ = try SettingsFile("/nowhere/hubbub.yaml").read()
    } catch {
      #expect(
        "\(error)"
          == "/nowhere/hubbub.yaml: the file cannot be read: No such file or directory")
    }
  }

  // MARK: Quantities

  @Test(
    "durations",
    arguments: [
      ("30s", 30_000), ("2m", 120_000), ("1h", 3_600_000), ("7d", 604_800_000), ("500ms", 500),
      ("1h30m", 5_400_000), ("0", 0), ("0s", 0), ("", nil), ("5", nil), ("s", nil), ("-1s", nil),
      ("1 s", nil), ("1S", nil), ("1.5s", nil), ("99999999999999999999s", nil),
      ("9999999999999999d", nil), ("٣s", nil),
    ] as [(String, Int?)])
  func durations(text: String, milliseconds: Int?) {
    let duration = Quantity.duration(text)
    #expect(duration == milliseconds.map { .milliseconds($0) })
    if let duration { #expect(Quantity.duration(Quantity.duration(duration)) == duration) }
  }

  @Test(
    "sizes",
    arguments: [
      ("512", 512), ("512B", 512), ("64KiB", 65_536), ("4MiB", 4_194_304), ("1GiB", 1 << 30),
      ("0", 0), ("", nil), ("KiB", nil), ("4KB", nil), ("-1", nil), ("1.5MiB", nil),
      ("9999999999999GiB", nil),
    ] as [(String, Int?)])
  func sizes(text: String, bytes: Int?) {
    let size = Quantity.bytes(text)
    #expect(size == bytes)
    if let size { #expect(Quantity.bytes(Quantity.bytes(size)) == size) }
  }

  private static func unusableModes(_ modes: String) -> String {
    "1:29: rooms[1].modes: expected modes of a room as MODE takes them, as in '+nt' or '+ntk key', found '\(modes)'"
  }

  static func parse(_ text: String) throws(SettingsError) -> ServerSettings {
    try SettingsFile.parse(text, file: "hubbub.yaml")
  }

  /// Of "secret".
  static let hash = "$y$j75$lq0MHmhRjJIIVSCcvK86q.$2BKq1yklsDkCTBt8tsONNyrJsBYQ.I/6Z3.RfvYYhD4"
}
