import Foundation
import HubbubDial
import HubbubSockets
import TestSupport
import Testing

@testable import HubbubServer

/// `hubbub serve` as people start and stop it.
@Suite struct ServeTests {
  @Test("an empty settings file opens no server: SIGHUP keeps the old settings and says what to do")
  func emptied() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("hubbub.yaml", "password: tea\nmotd: one")
    let server = try ServerProcess("--config", file)
    for text in ["", "# password: tea\n", "---\n", "null\n"] {
      try folder.write("hubbub.yaml", text)
      server.hangUp()
    }
    #expect(server.log.waitForLine(containing: "settings not reloaded", "write {} into it") != nil)
    let stranger = Registration(nickname: "ann")
    let connection = try LineConnection.open(server.endpoint)
    #expect(throws: (any Error).self) { _ = try stranger.perform(on: connection) }
    #expect(server.stop() == 0)
    #expect(server.log.find { $0.contains("settings reloaded") } == nil)
  }

  @Test("at its start the server says how to join it")
  func joining() throws {
    let server = try ServerProcess()
    let line = try #require(server.log.waitForLine(containing: "join with: "))
    #expect(line.contains("join with: hubbub join \(server.endpoint), or any IRC client"))
    #expect(server.stop() == 0)
    let directory = TemporaryDirectory()
    let secure = try ServerProcess("--listen-tls", "0", "--self-signed-in", directory.path)
    let join = try #require(secure.log.waitForLine(containing: "join with: "))
    #expect(join.contains(", or hubbub join 127.0.0.1:"))
    #expect(join.contains(" --tls --pin ") && join.hasSuffix(", or any IRC client"))
    #expect(secure.stop() == 0)
  }

  @Test("a port alone is one of this machine, also as a flag")
  func ports() throws {
    let server = try ServerProcess(listen: "0")
    #expect(server.endpoint.host == "127.0.0.1" && server.endpoint.port != 0)
    #expect(server.stop() == 0)
    for wrong in ["66667", "6668:6667"] {
      let tool = try Tool.run("serve", "--listen", wrong, "--check-config")
      #expect(tool.exitCode == 64)
      #expect(tool.errors.contains("or a port: 6667"))
    }
    let twice = try Tool.run(
      "serve", "--listen", "6668", "--listen", "127.0.0.1:6668", "--check-config",
      environment: ["XDG_CONFIG_HOME": "/nonexistent"])
    #expect(twice.exitCode == 78)
    #expect(twice.errors.contains("'127.0.0.1:6668' is there twice"))
  }

  @Test("a password flag that keeps nobody out is refused", arguments: ["", " ", "$y$j9T$a$b"])
  func blankPassword(password: String) throws {
    let tool = try Tool.run("serve", "--password", password, "--check-config")
    #expect(tool.exitCode == 64)
    #expect(tool.errors.contains("--password must not be blank"))
  }

  @Test("the log says why the server stops: a signal, everybody left, an operator")
  func reasons() throws {
    let signalled = try ServerProcess()
    #expect(signalled.stop() == 0)
    #expect(signalled.log.waitForLine(containing: "stopping signal=SIGTERM") != nil)
    let left = try ServerProcess("--until-deserted")
    let ann = try left.client("ann")
    ann.connection.shutDown()
    #expect(left.waitForExit() == 0)
    #expect(left.log.waitForLine(containing: "stopping because=\"everybody left\"") != nil)
    #expect(left.log.find { $0.contains("SIGTERM") } == nil)
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "hubbub.yaml", "die: true\noperators: [{name: ann, password: \(SettingsTests.hash)}]")
    let ended = try ServerProcess("--config", file)
    try ended.client("ann").send("OPER ann secret", "DIE")
    #expect(ended.waitForExit() == 0)
    #expect(ended.log.waitForLine(containing: "stopping because=\"an operator said DIE\"") != nil)
  }

  @Test("faults of the file, of the flags and of the files that are named are said together")
  func together() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "hubbub.yaml", "die: perhaps\ntls: {certificate: none.pem, key: none.key, sts-port: 0}")
    for last in ["--check-config", "--name=chat.example"] {
      let tool = try Tool.run(
        "serve", "--config", file, "--motd", "/nowhere/motd", "--listen", "127.0.0.1:0", last)
      #expect(tool.exitCode == 78)
      for words in [
        "hubbub.yaml:1:6: die", "tls.sts-port", "none.pem' cannot be read",
        "none.key' cannot be read", "--motd cannot be read",
      ] {
        #expect(tool.errors.contains(words), "\(words)")
      }
    }
  }

  @Test("classes that leave out the server's own machine are noted at the start and by the check")
  func note() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("hubbub.yaml", "classes: [{name: bots, bots: true}]")
    let checked = try Tool.run("serve", "--config", file, "--check-config")
    #expect(checked.exitCode == 0)
    #expect(checked.output.contains("hubbub.yaml:1:1: classes: the server's own machine"))
    let server = try ServerProcess("--config", file)
    #expect(server.log.waitForLine(containing: "note=", "the server's own machine") != nil)
    #expect(server.stop() == 0)
  }
}
