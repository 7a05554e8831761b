import Glibc
import HubbubSockets
import HubbubThreads
import IRCWire
import Testing

@testable import HubbubServer

/// A WebSocket client that sees every byte: what is no frame of the kind it asked for, with one line
/// in it, is a failure.
final class WebClient {
  let stream: ByteStream
  private var rest: [UInt8] = []
  private let kind: WebFrames.Kind

  /// The server ended the connection.
  struct Ended: Error {
    let messages: [Message]

    /// What the close frame said; nil without one.
    let code: UInt16?
    var reason = ""
  }

  /// A frame that came.
  enum Frame: Equatable {
    case line(String)
    case pong([UInt8])
    case close(UInt16?, String)
  }

  /// Shakes hands.
  ///
  /// - Parameters:
  ///   - subprotocol: nil offers none.
  ///   - fields: further lines of the request.
  init(
    _ endpoint: Endpoint, _ subprotocol: String? = "text.ircv3.net", tls: TLSContext? = nil,
    fields: [String] = [], behind: [UInt8] = []
  ) throws {
    stream = try ByteStream.connect(to: endpoint, tls: tls)
    kind = subprotocol == "binary.ircv3.net" ? .binary : .text
    let head = Self.handshake(subprotocol, fields)
    try send(bytes: Array(head.utf8) + behind)
    let answer = try #require(try readHead())
    try #require(answer.hasPrefix("HTTP/1.1 101 "), "\(answer)")
    #expect(answer.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
    #expect(answer.contains("Sec-WebSocket-Protocol") == (subprotocol != nil))
  }

  deinit { stream.socket.close() }

  /// A request as RFC 6455 section 1.2 has it.
  static func handshake(_ subprotocol: String?, _ fields: [String] = []) -> String {
    let all =
      [
        "GET /irc HTTP/1.1", "Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
      ] + (subprotocol.map { ["Sec-WebSocket-Protocol: \($0)"] } ?? []) + fields
    return all.joined(separator: "\r\n") + "\r\n\r\n"
  }

  // MARK: Sending

  func send(bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try stream.sendAll($0) }
  }

  /// Sends each line as a message.
  func send(_ lines: String...) throws {
    try send(bytes: lines.flatMap { Self.frame(kind.rawValue, Array($0.utf8)) })
  }

  /// A frame as a client sends it.
  static func frame(_ first: UInt8, _ payload: [UInt8], isMasked: Bool = true) -> [UInt8] {
    let mask: [UInt8] = isMasked ? [0x37, 0xFA, 0x21, 0x3D] : []
    let bit: UInt8 = isMasked ? 0x80 : 0
    var frame = [first]
    switch payload.count {
    case ...125: frame.append(bit | UInt8(payload.count))
    case ...0xFFFF: frame += [bit | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default:
      frame.append(bit | 127)
      frame += (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> (8 * $0)) }
    }
    return frame + mask + payload.enumerated().map { isMasked ? $1 ^ mask[$0 & 3] : $1 }
  }

  /// Registers, with capabilities where some are named.
  func register(_ nickname: String, _ capabilities: String = "") throws {
    if !capabilities.isEmpty { try send("CAP REQ :\(capabilities)") }
    try send("NICK \(nickname)", "USER \(nickname) 0 * :\(nickname)")
    if !capabilities.isEmpty { try send("CAP END") }
    _ = try read { $0.command == "376" || $0.command == "422" }
  }

  // MARK: Receiving

  /// Reads on to the first message that `isWanted`, which is the last of those returned.
  func read(to isWanted: (Message) -> Bool) throws -> [Message] {
    var messages: [Message] = []
    while let frame = try nextFrame() {
      switch frame {
      case .line(let text):
        let message = try #require(
          Array(text.utf8).withUnsafeBytes { try? Message(parsing: $0) }, "no message: \(text)")
        messages.append(message)
        if isWanted(message) { return messages }
      case .pong: continue
      case .close(let code, let reason):
        #expect(try nextFrame() == nil, "something follows the close frame")
        throw Ended(messages: messages, code: code, reason: reason)
      }
    }
    throw Ended(messages: messages, code: nil)
  }

  @discardableResult
  func expect(_ command: String) throws -> Message {
    try read { $0.command == command }.last!
  }

  /// All that came before the answer to a PING that is sent now.
  func messagesUntilNow() throws -> [Message] {
    let token = "now-\(UInt64.random(in: 0..<UInt64.max))"
    try send("PING \(token)")
    return try read { $0.command == "PONG" && $0.parameters.last == token }.dropLast()
  }

  func ask(_ line: String) throws -> [Message] {
    try send(line)
    return try messagesUntilNow()
  }

  func join(_ room: String) throws {
    try send("JOIN \(room)")
    try expect("366")
  }

  /// Reads to the end of the connection.
  func end() throws -> Ended {
    do { _ = try read { _ in false } } catch let end as Ended { return end }
    preconditionFailure("Nothing is wanted, and it came.")
  }

  /// - Returns: nil at the end of the connection.
  func nextFrame() throws -> Frame? {
    while true {
      if let frame = try takeFrame() { return frame }
      guard try receive() else {
        #expect(rest.isEmpty, "a frame without its end")
        return nil
      }
    }
  }

  private func takeFrame() throws -> Frame? {
    guard rest.count >= 2 else { return nil }
    try #require(rest[1] & 0x80 == 0, "a server masks nothing")
    var (count, start) = (Int(rest[1]), 2)
    if count == 126 {
      guard rest.count >= 4 else { return nil }
      (count, start) = (Int(rest[2]) << 8 | Int(rest[3]), 4)
      #expect(count > 125, "a length that would have fitted")
    }
    try #require(count < 127 || start == 4, "a line of so many bytes")
    guard rest.count >= start + count else { return nil }
    let (first, payload) = (rest[0], Array(rest[start..<(start + count)]))
    rest.removeFirst(start + count)
    switch first {
    case kind.rawValue:
      #expect(!payload.isEmpty && !payload.contains { $0 == 0x0A || $0 == 0x0D }, "not one line")
      return .line(try #require(String(validating: payload, as: UTF8.self)))
    case 0x8A: return .pong(payload)
    case 0x88:
      let code = payload.count < 2 ? nil : UInt16(payload[0]) << 8 | UInt16(payload[1])
      return .close(code, String(decoding: payload.dropFirst(2), as: UTF8.self))
    default:
      Issue.record("no frame: \([first] + payload)")
      throw Ended(messages: [], code: nil)
    }
  }

  private func readHead() throws -> String? {
    let end = Array("\r\n\r\n".utf8)
    while true {
      if let place = rest.indices.first(where: { rest[$0...].starts(with: end) }) {
        let head = rest[..<(place + 4)]
        rest.removeFirst(head.count)
        return String(decoding: head, as: UTF8.self)
      }
      guard try receive() else { return nil }
    }
  }

  private func receive() throws -> Bool {
    var bytes = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = try bytes.withUnsafeMutableBytes { try stream.receiveNow(into: $0) }
      if let count {
        rest += bytes[..<count]
        return count > 0
      }
      guard
        Readiness.wait(
          for: stream.socket.descriptor, Int32(POLLIN), limit: ScriptedClient.patience)
      else { throw SystemError(call: "recv", errno: ETIMEDOUT) }
    }
  }
}

extension TestServer {
  /// Where browsers come.
  var web: Endpoint { server.webAddresses[0].endpoint }

  /// A server with a port for browsers.
  static func withWeb(_ change: (inout Configuration) -> Void = { _ in }) throws -> TestServer {
    try TestServer {
      $0.webEndpoints = [Endpoint(host: "127.0.0.1", port: 0)]
      change(&$0)
    }
  }

  /// A browser that has come in.
  func webClient(
    _ nickname: String, _ capabilities: String = "", _ subprotocol: String? = "text.ircv3.net"
  ) throws -> WebClient {
    let client = try WebClient(web, subprotocol)
    try client.register(nickname, capabilities)
    return client
  }
}
