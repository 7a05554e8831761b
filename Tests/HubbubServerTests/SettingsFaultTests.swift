import HubbubSockets
import Testing

@testable import HubbubServer

/// What nobody can mean is refused, in words that say what to do.
@Suite struct SettingsFaultTests {
  @Test(
    "a file that says nothing, or no options, is refused",
    arguments: [
      "", "\n", "  \n\n", "# only a comment\n", "---\n", "--- # x\n...\n", "null\n", "Null", "NULL",
      "~", "!!null", "- a", "[]", "[lobby]", "hello", "''", "\"\"", "5", "{}\n---\n{}\n",
      "---\n---\n", "\u{FEFF}", "? [a]\n: b", "%YAML 1.1\n---\n", "...\n",
    ])
  func nothing(text: String) throws {
    let problems = Self.problems(text)
    #expect(problems.count == 1)
    let words = try #require(problems.first?.text)
    #expect(words.contains("write {} into it") || words.contains("expected"), "\(words)")
  }

  @Test(
    "a value that is not there is no null, and what YAML took for a comment is said",
    arguments: [
      ("lobby: #tea", "1:7", "'#tea'"), ("lobby:   # tea", "1:7", "'# tea'"),
      ("{lobby: #tea\n}", "2:1", "'#tea'"), ("admin: {email: #a\n}", "2:1", "'#a'"),
      ("lobby:", "1:7", nil), ("tls: # none\n", "1:5", "'# none'"),
      ("password: #tea", "1:10", "'#tea'"), ("password:", "1:10", nil),
      ("motd: #hello", "1:6", "'#hello'"), ("motd:", "1:6", nil), ("tls:\ndie: true", "1:5", nil),
      ("ban-file: #bans", "1:10", "'#bans'"), ("network: #tea", "1:9", "'#tea'"),
      ("rooms:\n- name: #tea", "2:8", "'#tea'"), ("rooms:\n- #tea", "2:2", "'#tea'"),
      ("rooms: #tea", "1:7", "'#tea'"), ("limits:\n  clients: #5", "2:11", "'#5'"),
      ("rooms:\n- name: '#a'\n  topic: #1 place", "3:9", "'#1 place'"),
      ("classes:\n- name: a\n  bots: true\n  burst: #9", "4:9", "'#9'"),
    ] as [(String, String, String?)])
  func lost(text: String, place: String, quoted: String?) throws {
    let problems = Self.problems(text)
    #expect(problems.count == 1)
    let words = try #require(problems.first?.description)
    #expect(
      words.hasPrefix("hubbub.yaml:\(place): ") && words.contains("found nothing"), "\(words)")
    #expect(words.contains("put it in quotes, ") == (quoted != nil))
    if let quoted { #expect(words.hasSuffix(quoted), "\(words)") }
  }

  @Test("null, and words for it, mean none", arguments: ["null", "~", "Null", "null # none"])
  func null(word: String) throws {
    let settings = try SettingsFile.parse("lobby: \(word)\npassword: \(word)", file: "x")
    #expect(settings.configuration.lobby == nil)
    #expect(settings.configuration.password == nil)
  }

  private static let bcrypt = "$2b$05$abcdefghijklmnopqrstuuhWPDcFsxHCfLJz4Ng0fLdYKn.qqE7kK"

  @Test(
    "a password that keeps nobody out, and a hash that is not whole, are refused",
    arguments: [
      "\"\"", "''", "' '", "\"\\t \"", "$y$j9T$salt$short", String(SettingsTests.hash.dropLast()),
      SettingsTests.hash + "x", "\"\(SettingsTests.hash.dropLast()) \"", "$6$salt$",
      String(bcrypt.dropLast()),
    ])
  func password(value: String) {
    #expect(Self.problems("password: \(value)").count == 1, "\(value)")
    #expect(Self.problems("operators: [{name: a, password: \(value)}]").count == 1, "\(value)")
    let text = value.filter { !"'\"".contains($0) }.replacing("\\t", with: "\t")
    #expect(!ServerSettings.isPassword(text))
  }

  @Test(
    "whole hashes and other words are passwords",
    arguments: [
      "tea", "$$$", "a $y$ b", "$money$", SettingsTests.hash, bcrypt,
    ])
  func rightPassword(value: String) throws {
    #expect(
      try SettingsFile.parse("password: '\(value)'", file: "x").configuration.password == value)
    #expect(PasswordHash.isHash(value) == (value.count > 20))
  }

  @Test(
    "an address to listen on that is there twice is refused, however it is spelled",
    arguments: [
      "6667, 6667", "6667, '127.0.0.1'", "':6667', 6667", "'127.1', 6667",
      "'[::1]:1', '[0:0::1]:1'",
      "'localhost:1', '127.0.0.1:1'", "'LOCALHOST', '::1'", "'*', 6667", "6667, '0.0.0.0'",
      "'*:1', '[::]:1'", "'[::]:1', '[2001:db8::1]:1'", "'Host.example:1', 'host.example:1'",
      "'[::ffff:127.0.0.1]:6667', 6667", "6667, {address: 6667, tls: true}",
      "{address: '*:6697', tls: true}, {address: '127.0.0.1:6697', tls: true}",
    ])
  func twice(list: String) {
    let text = "listen: [\(list)]\ntls: {certificate: c, key: k}"
    let problems = Self.problems(text)
    #expect(problems.count == 1)
    #expect(problems.first?.text.contains("expected each address once") == true)
    // Its place is that of the second.
    #expect((problems.first?.column ?? 0) > 10)
  }

  @Test(
    "different addresses are not taken for one",
    arguments: [
      "6667, 6668", "0, 0", "'127.0.0.1:0', 'localhost:0'", "'127.0.0.1', '::1'",
      "'0.0.0.0', '::'", "'a.example', 'b.example'", "'[fe80::1%a]:1', '[fe80::1%b]:1'",
      "6667, {address: 6697, tls: true}",
    ])
  func different(list: String) {
    #expect(Self.problems("listen: [\(list)]\ntls: {certificate: c, key: k}").isEmpty)
  }

  @Test("digits alone are a port of this machine")
  func ports() throws {
    let text = "listen: [6667, '6668', {address: 6697, tls: true}]\ntls: {certificate: c, key: k}"
    let configuration = try SettingsFile.parse(text, file: "x").configuration
    #expect(configuration.endpoints.map(\.description) == ["127.0.0.1:6667", "127.0.0.1:6668"])
    #expect(configuration.secureEndpoints.map(\.description) == ["127.0.0.1:6697"])
    for wrong in ["66667", "'6668:6667'", "-1", "'[6667]:1'"] {
      #expect(Self.problems("listen: [\(wrong)]").count == 1, "\(wrong)")
    }
  }

  @Test(
    "an option in the wrong place is named with the right one",
    arguments: [
      ("clients: 5", "limits.clients"), ("level: debug", "log.level"),
      ("sts-port: 6697", "tls.sts-port"), ("topic: x", "rooms[].topic' or 'limits.topic"),
      ("limits: {motd: x}", "motd"), ("tls: {certificate: c, key: k, burst: 3}", "limits.burst"),
      ("rooms: [{name: '#a', email: x}]", "admin.email"), ("email: x", "admin.email"),
      ("throttled: false", "classes[].throttled"), ("hosts: []", "operators[].hosts"),
    ])
  func misplaced(text: String, place: String) {
    let problems = Self.problems(text).map(\.text)
    #expect(
      problems.contains { $0.contains("did you mean '") && $0.contains("'\(place)'") },
      "\(problems)")
  }

  @Test(
    "a tab is called a tab",
    arguments: [
      ("limits:\n\tclients: 5", "2:1"), ("limits:\n  clients: 5\n\tburst: 3", "3:1"),
      ("limits:\n \tclients: 5", "2:2"), ("\tdie: true", "1:1"),
      ("rooms:\n- name: '#a'\n\ttopic: x", "3:1"),
    ])
  func tab(text: String, place: String) {
    let problems = Self.problems(text)
    #expect(
      problems.map(\.description) == [
        "hubbub.yaml:\(place): expected spaces, found a tab: YAML is indented with spaces alone"
      ])
  }

  @Test("a class that nobody can be in is refused")
  func classes() {
    #expect(
      Self.problems("classes: [{name: a}]").map(\.text)
        == ["classes[1]: nobody is in it; say addresses, operators or bots"])
    let none = "classes: [{name: a, operators: false, addresses: []}, {name: b, bots: true}]"
    #expect(Self.problems(none).count == 1)
  }

  @Test(
    "classes of one's own that leave out the server's own machine are noted, none at all are not")
  func notes() throws {
    func notes(_ text: String) throws -> Int {
      try SettingsFile.parse(text, file: "x").notes.count
    }
    #expect(try notes("classes: [{name: a, bots: true}]") == 1)
    #expect(try notes("classes: [{name: a, addresses: [192.0.2.0/24]}]") == 1)
    for text in [
      "classes: []", "{}", "classes: [{name: a, addresses: ['::1']}]",
      "classes: [{name: a, addresses: [127.0.0.0/8]}]", try SettingsPrint.file(),
    ] {
      #expect(try notes(text) == 0, "\(text.prefix(60))")
    }
  }

  @Test("no fault hides another, of whatever kind")
  func together() throws {
    let text = """
      listen: [6667, 6667, {address: '*:1', tls: true}]
      tls: {certificate: /nowhere/c, key: /nowhere/k, sts-port: 99999}
      clients: 5
      classes: [{name: a}, {name: b c, bots: true}]
      rooms: [{name: '#a', modes: +y}, {name: '#b'}, {name: '#B'}]
      ban-file: /nowhere/bans.yaml
      """
    let error = try #require(throws: SettingsError.self) {
      try SettingsFile.parse(text, file: "hubbub.yaml")
    }
    #expect(error.problems.map(\.line) == [1, 2, 3, 4, 4, 5, 5])
    let rest = try #require(error.rest)
    let more = Server.problems(in: rest, from: "hubbub.yaml").map(\.description)
    #expect(
      more == [
        "hubbub.yaml:2:1: tls: '/nowhere/c' cannot be read: No such file or directory.",
        "hubbub.yaml:2:1: tls: '/nowhere/k' cannot be read: No such file or directory.",
        "hubbub.yaml:6:1: ban-file: no files can be made in '/nowhere/': No such file or directory",
      ])
  }

  private static func problems(_ text: String) -> [SettingsProblem] {
    do throws(SettingsError) {
      _ = try SettingsFile.parse(text, file: "hubbub.yaml")
      return []
    } catch {
      return error.problems
    }
  }
}
