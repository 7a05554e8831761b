import Glibc
import HubbubSockets
import HubbubThreads
import TestSupport
import Testing

@testable import HubbubServer

/// A disk that hangs, a pipe in a file's place, a service manager that does not listen: nothing outside holds up chat
/// or the stop.
@Suite struct DiskTests {
  /// Settings on a disk that hangs when it is told to.
  private final class HangingSource: SettingsSource {
    let name = "hubbub.yaml"
    private let state = Monitor((hangs: false, motd: "one"))

    func hang(_ hangs: Bool, _ motd: String = "one") {
      state.withLock { $0 = (hangs, motd) }
      state.wakeAll()
    }

    func read() throws(SettingsError) -> ServerSettings {
      let motd = state.wait { $0.hangs ? nil : $0.motd }!
      return try SettingsFile.parse(
        "operators: [{name: ann, password: \(SettingsTests.hash)}]\nmotd: \(motd)\n"
          + "limits: {disk: 50ms}", file: name)
    }
  }

  private static func stage() throws -> (TestServer, ScriptedClient, HangingSource) {
    let source = HangingSource()
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

  @Test(
    "REHASH on a disk that hangs says so while chat goes on, and the settings come when it is back")
  func rehash() throws {
    let (server, ann, source) = try Self.stage()
    let bob = try server.client("bob")
    try ann.join("#r")
    try bob.join("#r")
    source.hang(true)
    let answer = try ann.ask("REHASH").filter { $0.command != "JOIN" }
    #expect(answer.first?.command == "382")
    #expect(
      answer.last?.parameters.last?.hasPrefix("The settings are still being read after 50ms")
        == true)
    #expect(server.log.waitForLine(containing: "error settings not reloaded yet") != nil)
    try bob.send("PRIVMSG #r :still here")
    #expect(try ann.expect("PRIVMSG").parameters.last == "still here")
    source.hang(false, "two")
    #expect(server.log.waitForLine(containing: "settings reloaded", "changed=motd") != nil)
    #expect(try ann.ask("MOTD").contains { $0.parameters.last == "- two" })
  }

  /// ann                        stop
  /// REHASH waits for the disk
  ///                            wakes ann, ends everybody
  ///                            waits for the disk up to limits.disk, and goes on
  @Test("the stop does not wait for a disk that hangs, with or without somebody who does")
  func stop() throws {
    let (server, ann, source) = try Self.stage()
    source.hang(true)
    #expect(try ann.ask("REHASH").first?.command == "382")
    try ann.send("REHASH")
    try ann.expect("382")
    server.stop()
    #expect(try ann.readToEnd().last?.parameters[0].contains("Server is stopping") == true)
    #expect(server.log.find { $0.contains("stopped while the settings were being read") } != nil)
    source.hang(false)
  }

  @Test("a ban holds though its file hangs, the operator is told, and the stop goes on")
  func bans() throws {
    let (server, ann, _) = try Self.stage()
    let isBack = Monitor(false)
    let hasBegun = Monitor(false)
    let writing = server.server.hub.banWriting
    let writer = try NamedThread(name: "writer") {
      _ = writing.run(upTo: .seconds(60)) {
        hasBegun.withLock { $0 = true }
        hasBegun.wakeAll()
        _ = isBack.wait { $0 ? true : nil }
      }
    }
    // An errand that nobody waits for before it is begun is forgotten.
    #expect(hasBegun.wait(upTo: ScriptedClient.patience) { $0 ? true : nil } == true)
    let answer = try ann.ask("DLINE 192.0.2.1 :tea").compactMap { $0.parameters.last }
    #expect(
      answer.contains { $0.contains("could not be written") && $0.contains("takes its time") })
    #expect(answer.contains { $0.contains("192.0.2.1 is banned") })
    server.stop()
    #expect(server.log.find { $0.contains("critical bans not saved") } != nil)
    isBack.withLock { $0 = true }
    isBack.wakeAll()
    writer.join()
  }

  @Test(
    "what is no file is refused as settings, at the start and on SIGHUP",
    arguments: ["pipe", "folder"])
  func noFile(kind: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("hubbub.yaml", "motd: one")
    let server = try ServerProcess("--config", file)
    unlink(file)
    if kind == "pipe" { mkfifo(file, 0o600) } else { mkdir(file, 0o700) }
    let words =
      "cannot be read: it is \(kind == "pipe" ? "a named pipe" : "a directory"), and not a file"
    let started = try Tool.run("serve", "--config", file, "--listen", "127.0.0.1:0")
    #expect(started.exitCode == 78)
    #expect(started.errors.contains(words))
    server.hangUp()
    #expect(server.log.waitForLine(containing: "settings not reloaded", words) != nil)
    #expect(try server.client("ann").ask("MOTD").contains { $0.parameters.last == "- one" })
    #expect(server.stop() == 0)
  }

  @Test("a pipe in the place of a certificate, a message of the day or the bans is refused as well")
  func namedFiles() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.path(of: "pipe")
    mkfifo(pipe, 0o600)
    for text in ["tls: {certificate: pipe, key: pipe}", "motd: {file: pipe}", "ban-file: pipe"] {
      let file = try folder.write("hubbub.yaml", text)
      let checked = try Tool.run("serve", "--config", file, "--check-config")
      #expect(checked.exitCode == 78)
      #expect(checked.errors.contains("it is a named pipe, and not a file"), "\(checked.errors)")
      let started = try Tool.run("serve", "--config", file, "--listen", "127.0.0.1:0")
      #expect(started.exitCode != 0)
      #expect(started.errors.contains("it is a named pipe, and not a file"), "\(started.errors)")
    }
  }

  @Test("a service manager that does not listen holds nothing up, and hears the rest later")
  func deafManager() throws {
    let manager = try ServiceManager("@")
    let notifier = try #require(try ServiceNotifier(environment: ["NOTIFY_SOCKET": manager.name]))
    while try notifier.send(.status("full")) {}
    let server = try ServerProcess(environment: ["NOTIFY_SOCKET": manager.name])
    #expect(server.log.waitForLine(containing: "the service manager does not listen") != nil)
    server.hangUp()
    #expect(server.log.waitForLine(containing: "settings reloaded") != nil)
    // Its start is heard in the end: what the service is by now is said again until it is.
    var heard = ""
    while heard != "READY=1" { heard = try #require(manager.receive()) }
    while try notifier.send(.status("full")) {}
    #expect(server.stop() == 0)
  }

  @Test("a log on a pipe that nobody reads does not hold the stop")
  func deafLog() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let writer = try LogWriter(descriptor: ends[1], patience: .milliseconds(50))
    for number in 0..<2000 { writer.write("line \(number) \(String(repeating: "x", count: 100))") }
    writer.close()
  }
}
