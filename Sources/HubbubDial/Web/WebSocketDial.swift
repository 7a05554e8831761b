import Glibc
import HubbubSockets
import HubbubThreads
import HubbubWeb
import IRCWire

/// How a client turns a connection into a WebSocket (RFC 6455 section 4.1) that carries IRC, by the
/// IRCv3 subprotocol `text.ircv3.net`.
enum WebSocketDial {
  /// The server did not answer as it must.
  struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  /// The most that the head of an answer may have.
  private static let headBytes = 16 * 1024

  /// Shakes hands.
  ///
  /// - Parameters:
  ///   - stream: to `endpoint`, and nothing was said on it.
  ///   - limit: how long the answer may take.
  /// - Returns: what reads and writes lines over it.
  /// - Throws: `Refused`, `SystemError`.
  static func upgrade(
    _ stream: ByteStream, to endpoint: Endpoint, path: String, limit: Duration
  ) throws -> ByteStream {
    let key = Base64.encode((0..<16).map { _ in UInt8.random(in: 0...255) })
    let request = [
      "GET \(path) HTTP/1.1", "Host: \(endpoint)", "Upgrade: websocket", "Connection: Upgrade",
      "Sec-WebSocket-Key: \(key)", "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Protocol: text.ircv3.net", "", "",
    ].joined(separator: "\r\n")
    try Array(request.utf8).withUnsafeBytes { try stream.sendAll($0) }
    let (head, rest) = try head(from: stream, deadline: .now + limit)
    try check(head, key: key, path: path)
    return ByteStream(stream, through: WebSocketLayer(over: stream, early: rest))
  }

  private static func head(
    from stream: ByteStream, deadline: ContinuousClock.Instant
  ) throws -> (head: String, rest: [UInt8]) {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
        return (
          String(decoding: bytes[..<end.lowerBound], as: UTF8.self), Array(bytes[end.upperBound...])
        )
      }
      guard bytes.count < headBytes else { throw Refused(description: "No web server answers.") }
      let count = try buffer.withUnsafeMutableBytes { try stream.receiveNow(into: $0) }
      if count == 0 {
        throw Refused(description: "The server ended the connection instead of a WebSocket.")
      }
      if let count {
        bytes += buffer[..<count]
      } else if !Readiness.wait(
        for: stream.socket.descriptor, Int32(POLLIN), limit: deadline - .now)
      {
        throw SystemError(call: "recv", errno: ETIMEDOUT)
      }
    }
  }

  private static func check(_ head: String, key: String, path: String) throws(Refused) {
    let lines = head.split(separator: "\r\n")
    guard let status = lines.first, status.hasPrefix("HTTP/1.1 101") else {
      let answer = lines.first.map(String.init) ?? "nothing"
      throw Refused(description: "There is no WebSocket at \(path): the server said '\(answer)'.")
    }
    let isProven = lines.dropFirst().contains { line in
      let parts = line.split(separator: ":", maxSplits: 1)
      return parts.count == 2 && parts[0].lowercased() == "sec-websocket-accept"
        && parts[1].drop { $0 == " " } == WebSocketHandshake.accept(key)
    }
    guard isProven else {
      throw Refused(description: "The server did not prove that it speaks WebSocket.")
    }
  }
}
