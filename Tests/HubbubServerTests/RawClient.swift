import Glibc
import HubbubDial
import HubbubSockets
import HubbubThreads
import IRCWire
import Testing

/// A client that sees every byte: a line that is not well-formed is a failure, where others pass it over.
final class RawClient {
  private let socket: Socket
  private var rest: [UInt8] = []

  /// What came when the server ended the connection.
  struct Ended: Error {
    let messages: [Message]
  }

  init(_ endpoint: Endpoint) throws {
    socket = try Socket.connect(to: endpoint, limit: .seconds(10))
  }

  deinit { socket.close() }

  func send(_ lines: String...) throws {
    try lines.joined(separator: "\r\n").appending("\r\n").utf8.withContiguousStorageIfAvailable {
      try socket.sendAll(UnsafeRawBufferPointer($0))
    }
  }

  /// All that came before the answer to a PING that is sent now.
  ///
  /// - Throws: `Ended` at the end of the connection.
  func messagesUntilNow() throws -> [Message] {
    let token = "now-\(UInt64.random(in: 0..<UInt64.max))"
    var messages: [Message] = []
    do {
      try send("PING \(token)")
    } catch is SystemError {
      // It is gone already; what it was told before is still to be read.
    }
    while true {
      while let message = nextLine() {
        if message.command == "PONG", message.parameters.last == token { return messages }
        messages.append(message)
      }
      guard try receive() else { throw Ended(messages: messages) }
    }
  }

  private func receive() throws -> Bool {
    guard Readiness.wait(for: socket.descriptor, Int32(POLLIN), limit: ScriptedClient.patience)
    else {
      throw SystemError(call: "recv", errno: ETIMEDOUT)
    }
    var bytes = [UInt8](repeating: 0, count: 64 * 1024)
    let count = bytes.withUnsafeMutableBytes { (try? socket.receive(into: $0)) ?? 0 }
    rest += bytes[..<(count)]
    return count > 0
  }

  /// The next whole line, checked.
  private func nextLine() -> Message? {
    guard let end = rest.firstIndex(of: 0x0A) else { return nil }
    let line = Array(rest[...end])
    rest.removeSubrange(...end)
    let text = String(decoding: line, as: UTF8.self)
    #expect(line.suffix(2) == [0x0D, 0x0A], "No CR LF: \(text)")
    let tagBytes = line.first == 0x40 ? (line.firstIndex(of: 0x20) ?? line.count - 1) + 1 : 0
    #expect(line.count - tagBytes <= 512 && tagBytes <= 8191, "Too long: \(text)")
    let message = Array(line.dropLast(2)).withUnsafeBytes { try? Message(parsing: $0) }
    #expect(message != nil, "No message: \(text)")
    return message ?? Message("NONE")
  }
}
