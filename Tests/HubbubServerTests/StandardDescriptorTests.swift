import Glibc
import IRCWire
import TestSupport
import Testing

/// Programs that are started without an input, an output or a place for their errors.
@Suite struct StandardDescriptorTests {
  @Test(
    "nothing that a client opens becomes its input, its output or its errors",
    arguments: ["join", "join --read", "swarm --bots 2", "watch", "siege --pid \(getpid())"],
    ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
  func clients(command: String, redirections: String) throws {
    let server = try TestServer()
    let words = command.split(separator: " ", maxSplits: 1)
    let options = words.dropFirst().first ?? ""
    let process = try Self.start("\(words[0]) \(server.endpoint) \(options) \(redirections)")
    defer { Self.end(process) }
    #expect(server.log.waitForLine(containing: "connect") != nil)
    Self.expectNoSocket(process)
  }

  @Test("nor does anything that a server opens", arguments: ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
  func servers(redirections: String) throws {
    let manager = try ServiceManager("@")
    let process = try Self.start(
      "serve --listen 127.0.0.1:0 \(redirections)", ["NOTIFY_SOCKET": manager.name])
    defer { Self.end(process) }
    #expect(manager.receive() == "READY=1")
    Self.expectNoSocket(process)
  }

  @Test("what is said to a filter in private is not said by it in its room")
  func privateStaysPrivate() throws {
    let server = try TestServer()
    let listener = try server.client("listener")
    try listener.join("#pub")
    let process = try Self.start("join \(server.endpoint) --room '#pub' --nick bot --read <&-")
    defer { Self.end(process) }
    _ = try listener.read { $0.command == "JOIN" && $0.source?.name == "bot" }
    for number in 1...40 { try listener.send("PRIVMSG bot :secret \(number)") }
    try listener.send("KICK #pub bot")
    // Whatever it had said would stand before its end.
    let seen = try listener.messagesUntilNow()
    #expect(seen.filter { $0.command == "PRIVMSG" && $0.parameters[0] == "#pub" }.isEmpty)
    Self.expectNoSocket(process)
  }

  /// Starts the program by a shell, which takes descriptors away.
  private static func start(
    _ arguments: String, _ environment: [String: String] = [:]
  ) throws -> Spawned {
    let nowhere = [
      "XDG_CONFIG_HOME": "/nonexistent", "HOME": "/nonexistent", "HUBBUB_OPER_PASSWORD": "x",
    ]
    return try Spawned(
      ["/bin/sh", "-c", "exec '\(ServerProcess.binary.path)' \(arguments)"],
      environment: nowhere.merging(environment) { $1 }, streams: .file(output: "/dev/null"))
  }

  private static func end(_ process: Spawned) {
    kill(process.process, SIGKILL)
    _ = process.wait()
  }

  private static func expectNoSocket(_ process: Spawned) {
    for descriptor in 0...2 {
      var target = [CChar](repeating: 0, count: 256)
      let length = readlink("/proc/\(process.process)/fd/\(descriptor)", &target, 255)
      // What has ended meanwhile has none.
      guard length > 0 else { continue }
      let name = target.prefix(length).map { UInt8(bitPattern: $0) }
      #expect(
        String(decoding: name, as: UTF8.self) == "/dev/null", "descriptor \(descriptor)")
    }
  }
}
