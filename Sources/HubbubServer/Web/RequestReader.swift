import Glibc
import HubbubSockets
import HubbubThreads
import HubbubWeb

/// Reads one request after the other from a connection, each within its time. A value of the
/// connection's own thread.
struct RequestReader {
  private let stream: ByteStream

  /// What was read and belongs to no request yet.
  private(set) var rest: [UInt8] = []

  /// Whether the next request is the first.
  private var isFirst = true

  init(_ stream: ByteStream) { self.stream = stream }

  enum Reading {
    case request(HTTPRequest)

    /// To be answered; then the connection ends.
    case refused(HTTPRefusal)

    /// Nothing more comes.
    case end
  }

  /// Waits for the head of the next request.
  mutating func next(_ limits: Limits) -> Reading {
    var parser = HTTPRequestParser(limits: limits.http)
    defer { isFirst = false }
    let pause = isFirst ? limits.webHead : limits.webIdle
    var deadline = ContinuousClock.now + pause
    while true {
      let isUntouched = parser.isUntouched
      rest.removeFirst(rest.withUnsafeBytes { parser.feed($0) })
      switch parser.state {
      case .complete(let request): return .request(request)
      case .refused(let refusal): return .refused(refusal)
      case .incomplete: break
      }
      if isUntouched, !parser.isUntouched { deadline = .now + limits.webHead }
      switch receive(until: deadline) {
      case .some(true): continue
      case .some(false): return .end
      case nil where parser.isUntouched: return .end
      case nil:
        return .refused(HTTPRefusal(.requestTimeout, "The request took too long to come."))
      }
    }
  }

  /// Waits for the body of a request.
  ///
  /// - Throws: why there is none; then the connection ends.
  mutating func body(
    of request: HTTPRequest, _ limits: Limits
  ) throws(HTTPRefusal) -> [UInt8] {
    var reader = HTTPBodyReader(request.body, limitBytes: limits.http.bodyBytes)
    let deadline = ContinuousClock.now + limits.webBody
    while true {
      rest.removeFirst(rest.withUnsafeBytes { reader.feed($0) })
      switch reader.state {
      case .complete(let body): return body
      case .refused(let refusal): throw refusal
      case .incomplete: break
      }
      guard receive(until: deadline) == true else {
        throw HTTPRefusal(.requestTimeout, "The body of the request took too long to come.")
      }
    }
  }

  /// - Returns: whether something came; false at the end, nil where the time is over.
  private mutating func receive(until deadline: ContinuousClock.Instant) -> Bool? {
    withUnsafeTemporaryAllocation(byteCount: Self.pieceBytes, alignment: 16) { buffer in
      while true {
        do throws(SystemError) {
          if let count = try stream.receiveNow(into: buffer) {
            rest.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            return count > 0
          }
        } catch {
          // An end like any other: nobody is there to be told.
          return false
        }
        let limit = deadline - .now
        guard limit > .zero, Readiness.wait(for: stream.socket.descriptor, POLLIN, limit: limit)
        else { return nil }
      }
    }
  }

  private static let pieceBytes = 4096
}
