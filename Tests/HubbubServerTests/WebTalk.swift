import HubbubSockets
import HubbubWeb
import IRCWire

/// Requests to a web port, each on its own connection.
enum WebTalk {
  /// The whole answer, with its head.
  static func talk(_ text: String, to endpoint: Endpoint) throws -> String {
    let socket = try Socket.connect(to: endpoint)
    defer { socket.close() }
    socket.limitReceiving(to: ScriptedClient.patience)
    try Array(text.utf8).withUnsafeBytes { try socket.sendAll($0) }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while let count = try buffer.withUnsafeMutableBytes({ try socket.receive(into: $0) }),
      count > 0
    { answer += buffer[..<count] }
    return String(decoding: answer, as: UTF8.self)
  }

  static func get(
    _ path: String, _ fields: [String] = [], from endpoint: Endpoint
  ) throws -> String {
    try send("GET", path, fields + ["Connection: close"], body: nil, to: endpoint)
  }

  static func post(
    _ path: String, _ body: String, to endpoint: Endpoint
  ) throws -> String {
    try send("POST", path, [], body: body, to: endpoint)
  }

  static func send(
    _ method: String, _ path: String, _ fields: [String], body: String?, to endpoint: Endpoint
  ) throws -> String {
    var head = ["\(method) \(path) HTTP/1.1", "Host: localhost"] + fields
    if let body { head.append("Content-Length: \(body.utf8.count)") }
    return try talk(head.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""), to: endpoint)
  }
}
