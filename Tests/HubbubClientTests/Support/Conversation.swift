import TestSupport
import Testing

@testable import HubbubClient

/// A scripted server and a client in a terminal, in `#lobby` with `@ann` and `bob`.
final class Conversation {
  let server: ScriptedServer
  let client: PseudoTerminal

  init(
    _ flags: [String] = [], columns: Int = 80, rows: Int = 24, home: TemporaryDirectory = .init(),
    echoes: Bool = true, environment: [String: String] = [:]
  ) throws {
    server = try ScriptedServer(echoes: echoes)
    client = try PseudoTerminal(
      ["join", server.address, "--nick", "max"] + flags, columns: columns, rows: rows, home: home,
      environment: environment)
    if !flags.contains("--room") {
      client.wait("the prompt") { $0.cursor.line.contains("#lobby>") }
    }
    client.wait(for: "people: @ann")
  }

  deinit { server.stop() }

  /// Somebody says something in a room.
  func say(_ text: String, as nickname: String = "ann", in room: String = "#lobby") {
    server.send(":\(nickname)!u@host PRIVMSG \(room) :\(text)")
  }
}
