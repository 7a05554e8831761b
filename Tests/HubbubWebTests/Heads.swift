@testable import HubbubWeb

/// The head of a request, as a client writes it, without the last empty line.
func head(_ lines: String...) -> [UInt8] {
  Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
}

/// What the parser makes of bytes that come at once.
func parsed(_ bytes: [UInt8], limits: HTTPLimits = HTTPLimits()) -> HTTPRequestParser.State {
  parsed(bytes, pieces: max(1, bytes.count), limits: limits).state
}

/// What it makes of them in pieces of one size, and how many of them it took.
func parsed(
  _ bytes: [UInt8], pieces: Int, limits: HTTPLimits = HTTPLimits()
) -> (state: HTTPRequestParser.State, taken: Int) {
  var parser = HTTPRequestParser(limits: limits)
  var taken = 0
  for start in stride(from: 0, to: bytes.count, by: pieces) {
    taken += Array(bytes[start..<min(bytes.count, start + pieces)]).withUnsafeBytes {
      parser.feed($0)
    }
  }
  return (parser.state, taken)
}

/// A valid request; a test that gives another one fails here.
func request(_ lines: String...) -> HTTPRequest {
  let bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  guard case .complete(let request) = parsed(bytes) else { fatalError("No request: \(lines)") }
  return request
}

extension HTTPRequestParser.State {
  var request: HTTPRequest? { if case .complete(let request) = self { request } else { nil } }
  var status: HTTPStatus? { if case .refused(let refusal) = self { refusal.status } else { nil } }
}
