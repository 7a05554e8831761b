import HubbubServer
import IRCWire
import Testing

/// A server that remembers, in a folder of its own, and can be started again.
final class RememberingServer {
  let folder: TemporaryFolder
  private(set) var server: TestServer
  private let change: (inout Configuration) -> Void

  /// What clients that read history ask for.
  static let capabilities = [
    "batch", "draft/chathistory", "echo-message", "message-tags", "server-time",
    "standard-replies",
  ]

  init(_ change: @escaping (inout Configuration) -> Void = { _ in }) throws {
    let folder = try TemporaryFolder()
    let whole: (inout Configuration) -> Void = {
      $0.state = folder.path
      change(&$0)
    }
    (self.folder, self.change) = (folder, whole)
    server = try TestServer(whole)
  }

  /// Stops the server, and starts another one in the same folder.
  func restart() throws {
    server.stop()
    server = try TestServer(change)
  }

  func reader(_ nickname: String, _ more: String...) throws -> ScriptedClient {
    try server.client(nickname, capabilities: Self.capabilities + more)
  }
}

/// A message or an event, as live clients and pages show it alike.
struct Heard: Equatable, CustomStringConvertible {
  let id: String?
  let time: String?
  let source: String?
  let words: [String]

  init(_ message: Message) {
    id = message.tag("msgid")
    time = message.tag("time")
    source = message.source?.description
    words = [message.command] + message.parameters
  }

  var description: String { "\(id ?? "-") \(words.joined(separator: " "))" }
}

extension ScriptedClient {
  /// Says something in a room, and returns it as the client reads it.
  @discardableResult
  func say(_ text: String, in room: String = "#r") throws -> Heard {
    let told = try ask("PRIVMSG \(room) :\(text)")
    return Heard(try #require(told.last(where: { $0.command == "PRIVMSG" })))
  }

  /// The messages of one page.
  func page(_ question: String) throws -> [Message] {
    let answer = try ask("CHATHISTORY \(question)")
    let start = try #require(
      answer.first(where: { $0.command == "BATCH" }), "\(question): \(answer)")
    #expect(start.parameters.dropFirst().first == "chathistory")
    let batch = String(start.parameters[0].dropFirst())
    #expect(answer.contains { $0.parameters == ["-\(batch)"] })
    return answer.filter { $0.tag("batch") == batch }
  }

  /// The texts of one page.
  func texts(_ question: String) throws -> [String] { try page(question).texts }

  /// Why a question is not answered.
  func fault(_ question: String) throws -> [String] {
    // Who comes and goes meanwhile is no answer.
    let answer = try ask("CHATHISTORY \(question)").filter { $0.command != "JOIN" }
    #expect(answer.commands == ["FAIL"], "\(question)")
    return Array(answer.first?.parameters.dropFirst().dropLast() ?? [])
  }
}
