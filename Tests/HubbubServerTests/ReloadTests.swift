import Foundation
import HubbubSockets
import HubbubThreads
import Testing

@testable import HubbubServer

@Suite struct ReloadTests {
  private static let operators = "operators: [{name: ann, password: \(SettingsTests.hash)}]\n"

  /// A server and an operator of it, and the settings that it reads again.
  private static func stage() throws -> (TestServer, ScriptedClient, ChangingSource) {
    let source = ChangingSource(Self.operators)
    let settings = try source.read()
    let server = try TestServer(from: source) {
      let endpoints = $0.endpoints
      $0 = settings.configuration
      $0.endpoints = endpoints
    }
    let ann = try server.client("ann")
    #expect(try ann.ask("OPER ann secret").commands.first == "381")
    return (server, ann, source)
  }

  @Test("REHASH puts in force what can be, drops nobody, and says what needs a restart")
  func rehash() throws {
    let (server, ann, source) = try Self.stage()
    let bob = try server.client("bob")
    source.change(
      Self.operators
        + "listen: ['127.0.0.1:0']\nmotd: Hello.\nserver-name: other.example\nlimits: {clients: 3, kick: 9}"
    )
    let answer = try ann.ask("REHASH")
    #expect(answer.commands.prefix(1) == ["382"])
    #expect(answer[0].parameters == ["ann", "hubbub.yaml", "Rehashing"])
    #expect(
      answer.dropFirst().map { $0.parameters.last } == [
        "Changed: motd, limits.clients.",
        "Changed in the file, and in force after a restart: server-name, limits.kick.",
      ])
    #expect(
      server.log.waitForLine(
        containing: "settings reloaded", "changed=motd,limits.clients",
        "needRestart=server-name,limits.kick") != nil)
    #expect(try bob.ask("MOTD").contains { $0.parameters.last == "- Hello." })
    #expect(try bob.ask("MOTD").first?.source?.name == "hubbub.local")
    let cem = try server.client("cem")
    #expect(try server.connect().readToEnd().last?.parameters[0].contains("full") == true)
    #expect(try cem.messagesUntilNow().isEmpty)
    // What needs a restart is said again as long as it does.
    #expect(
      try ann.ask("REHASH").map { $0.parameters.last }.dropFirst() == [
        "Nothing has changed that can change while the server runs.",
        "Changed in the file, and in force after a restart: server-name, limits.kick.",
      ])
  }

  @Test("whoever has a name that a reload reserves keeps it, and hears nothing that is said to it")
  func reserved() throws {
    let (server, ann, source) = try Self.stage()
    let bob = try server.client("bob")
    source.change(Self.operators + "reserved-nicknames: [bob]\n")
    _ = try ann.ask("REHASH")
    #expect(try ann.ask("PRIVMSG bob :secret").commands == ["401"])
    #expect(try bob.messagesUntilNow() == [])
    #expect(try bob.ask("NICK rob").commands == ["NICK"])
    #expect(try bob.ask("NICK bob").commands == ["432"])
  }

  /// O2
  @Test("REHASH with a broken file keeps the old settings whole and says what is wrong")
  func broken() throws {
    let (server, ann, source) = try Self.stage()
    source.change("motd: Hello.\nlimits: {clients: none}\nnonsense: 1")
    let notices = try ann.ask("REHASH").filter { $0.command == "NOTICE" }
      .compactMap { $0.parameters.last }
    #expect(
      notices == [
        "hubbub.yaml:2:19: limits.clients: expected a number from 1 to 10000000, found 'none'",
        "hubbub.yaml:3:1: expected an option, found 'nonsense'; there are \(Self.names)",
        "The settings were not read; the old ones stay in force.",
      ])
    #expect(
      server.log.waitForLine(containing: "error settings not reloaded", "hubbub.yaml:2:19") != nil)
    #expect(try ann.ask("MOTD").commands == ["422"])
    let bob = try server.client("bob")
    #expect(try bob.ask("OPER ann secret").commands.first == "381")
  }

  private static let names =
    "listen, listen-web, web, trusted-proxies, tokens, proxies, webirc, server-name, description, network, password, "
    + "tls, motd, admin, cluster, operators, classes, reserved-nicknames, die, ban-file, cloaks, cloak-key, state, accounts, rooms, lobby, rotate-fan-out, "
    + "group-writes, open-statistics, history, log, limits"

  @Test("an account that goes with a reload can no longer be used")
  func accountGone() throws {
    let (server, ann, source) = try Self.stage()
    source.change("operators: []")
    #expect(try ann.ask("REHASH").contains { $0.parameters.last == "Changed: operators." })
    #expect(try server.client("bob").ask("OPER ann secret").commands == ["491"])
  }

  @Test("reloads at the same time run one after the other, and the last settings hold")
  func together() throws {
    let (server, ann, source) = try Self.stage()
    let threads = try (0..<8).map { number in
      try NamedThread(name: "reload-\(number)") { [server = server.server] in
        source.change(Self.operators + "motd: number \(number)")
        server.reload()
      }
    }
    for thread in threads { thread.join() }
    source.change(Self.operators + "motd: last")
    server.server.reload()
    #expect(try ann.ask("MOTD").contains { $0.parameters.last == "- last" })
  }

  /// O2
  @Test("SIGHUP with a good file changes the server, SIGHUP with a broken file changes nothing")
  func hangUp() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("hubbub.yaml", "listen: ['127.0.0.1:0', 'localhost:0']\nmotd: one")
    let server = try ServerProcess("--config", file, listen: nil)
    let ann = try server.client("ann")
    try ann.join("#r")
    try folder.write("hubbub.yaml", "listen: ['127.0.0.1:0']\nmotd: two")
    server.hangUp()
    #expect(
      server.log.waitForLine(containing: "settings reloaded", "changed=motd", "needRestart=listen")
        != nil)
    #expect(try ann.ask("MOTD").contains { $0.parameters.last == "- two" })
    try folder.write("hubbub.yaml", "motd: three\ndie: perhaps")
    server.hangUp()
    #expect(server.log.waitForLine(containing: "settings not reloaded", "hubbub.yaml:2:6") != nil)
    #expect(try ann.ask("MOTD").contains { $0.parameters.last == "- two" })
    let bob = try server.client("bob")
    try bob.join("#r")
    try ann.expect("JOIN")
    try ann.send("PRIVMSG #r :still here")
    #expect(try bob.expect("PRIVMSG").parameters.last == "still here")
    #expect(server.stop() == 0)
  }

  @Test("flags win over the file, also when it is read again")
  func flags() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("hubbub.yaml", "listen: ['127.0.0.1:1']\nserver-name: file.example")
    let server = try ServerProcess("--config", file, "--name", "flag.example")
    let ann = try server.client("ann")
    try folder.write("hubbub.yaml", "server-name: other.example\nmotd: two")
    server.hangUp()
    let line = try #require(server.log.waitForLine(containing: "settings reloaded"))
    #expect(line.contains("needRestart=\"\""))
    #expect(try ann.ask("MOTD").first?.source?.name == "flag.example")
    #expect(server.stop() == 0)
  }

  @Test("a server with broken settings does not start, says all that is wrong, and exits with 78")
  func doesNotStart() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("hubbub.yaml", "die: perhaps\nnonsense: 1")
    let broken = try Tool.run("serve", "--config", file)
    #expect(broken.exitCode == 78)
    #expect(broken.errors.contains("\(file):1:6: die: expected true or false, found 'perhaps'\n"))
    #expect(broken.errors.contains("\(file):2:1: expected an option, found 'nonsense'"))
    let checked = try Tool.run("serve", "--config", file, "--check-config")
    #expect(checked.exitCode == 78)
    #expect(checked.errors == broken.errors)
    try folder.write("hubbub.yaml", "die: true")
    #expect(try Tool.run("serve", "--config", file, "--check-config").exitCode == 0)
  }

  @Test("--check-config reads the certificate and the bans as well, also while the server runs")
  func checksWhatIsNamed() throws {
    let server = try ServerProcess("--listen", "127.0.0.1:0")
    let folder = try TemporaryFolder()
    func check(_ text: String) throws -> Tool {
      let file = try folder.write("hubbub.yaml", "listen: [\"\(server.endpoint)\"]\n\(text)")
      return try Tool.run("serve", "--config", file, "--check-config")
    }
    #expect(try check("").exitCode == 0)
    let certificate = try folder.write("cert.pem", "none")
    let checked = try check("tls: {certificate: \(certificate), key: \(certificate)}")
    #expect(checked.exitCode == 78)
    #expect(
      checked.errors.contains("hubbub.yaml:2:1: tls: There is no certificate in '\(certificate)'"))
    #expect(
      try check("die: true\nban-file: missing/bans.yaml").errors
        == "\(folder.path)/hubbub.yaml:3:1: ban-file: no files can be made in "
        + "'\(folder.path)/missing/': No such file or directory\n")
    let old = try TLSIdentity.selfSigned(names: ["localhost"], days: -1)
    let key = try folder.write("old.key", String(decoding: old.key, as: UTF8.self))
    try folder.write("old.pem", String(decoding: old.certificates, as: UTF8.self))
    let expired = try check("tls: {certificate: old.pem, key: \(key)}")
    #expect(expired.exitCode == 0)
    #expect(expired.output.contains("The certificate has expired: clients will refuse it."))
    let bans = try folder.write("bans.yaml", "nonsense: 1")
    #expect(try check("ban-file: \(bans)").errors.hasPrefix("\(bans):1:1:"))
    #expect(server.stop() == 0)
  }

  @Test("the file of the usual place is read where none is named")
  func usualPlace() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path(of: "hubbub"), withIntermediateDirectories: false)
    let file = try folder.write("hubbub/hubbub.yaml", "nonsense: 1")
    let checked = try Tool.run(
      "serve", "--check-config", environment: ["XDG_CONFIG_HOME": folder.path])
    #expect(checked.exitCode == 78)
    #expect(checked.errors.hasPrefix("\(file):1:1:"))
  }

  @Test("what --print-config prints is a file that nothing is wrong with")
  func printed() throws {
    let folder = try TemporaryFolder()
    let printed = try Tool.run("serve", "--print-config")
    #expect(printed.exitCode == 0)
    let file = try folder.write("hubbub.yaml", printed.output)
    #expect(try Tool.run("serve", "--config", file, "--check-config").exitCode == 0)
  }

  @Test(
    "what cannot be printed is no success",
    arguments: ["serve --print-config", "serve --check-config", "hash-password"])
  func fullOutput(command: String) throws {
    let tool = try Tool.run(
      command.split(separator: " ").map(String.init), input: "tea\n",
      environment: ["XDG_CONFIG_HOME": "/nonexistent"], outputFile: "/dev/full")
    #expect(tool.exitCode == 74)
    #expect(tool.errors == "hubbub: The output cannot be written: No space left on device\n")
  }

  @Test("hash-password prints the hash of the line that it reads")
  func hashPassword() throws {
    let tool = try Tool.run("hash-password", input: "tea, please\nmore\n")
    #expect(tool.exitCode == 0)
    #expect(PasswordHash.matches("tea, please", String(tool.output.dropLast())) == true)
    #expect(try Tool.run("hash-password", input: "").exitCode == 1)
    #expect(
      try Tool.run("hash-password", input: String(repeating: "x", count: 1000)).exitCode == 1)
  }
}
