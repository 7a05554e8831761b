/// Reads the head of one HTTP/1.1 request (RFC 9112). A value for one thread, without I/O: feed it
/// what each read returned until it is no longer incomplete.
///
/// It is strict where two readers could see two different requests in the same bytes: lines end in
/// CR LF, nothing is folded, a body has one length, and no control character is passed on.
public struct HTTPRequestParser: Sendable {
  public enum State: Sendable, Equatable {
    case incomplete
    case complete(HTTPRequest)

    /// Answer it, and end the connection: what follows cannot be told from what was refused.
    case refused(HTTPRefusal)
  }

  public private(set) var state = State.incomplete

  private let limits: HTTPLimits

  /// The line that is being read, with its CR.
  private var line: [UInt8] = []

  /// All bytes of the head so far.
  private var count = 0
  private var requestLine: RequestLine?
  private var fields = HTTPFields()

  public init(limits: HTTPLimits = HTTPLimits()) { self.limits = limits }

  /// Whether nothing of a request has come yet: then silence is no half request.
  public var isUntouched: Bool { count == 0 }

  /// Takes what belongs to the head.
  ///
  /// - Returns: how many of the bytes were taken. What is behind them belongs to the body or to the
  ///   next request.
  public mutating func feed(_ bytes: UnsafeRawBufferPointer) -> Int {
    var taken = 0
    while taken < bytes.count, state == .incomplete {
      take(bytes[taken])
      taken += 1
    }
    return taken
  }

  private mutating func take(_ byte: UInt8) {
    count += 1
    guard count <= limits.headBytes else {
      refuse(
        requestLine == nil
          ? HTTPRefusal(.uriTooLong, "The address of the request is too long.")
          : HTTPRefusal(.requestHeaderFieldsTooLarge, "The head of the request is too long."))
      return
    }
    guard byte == 0x0A else {
      line.append(byte)
      // What can be no request is not waited for: TLS at this port, or another protocol.
      if requestLine == nil, line.count == 1, byte != 0x0D, !Self.isTokenByte(byte) {
        refuse(.bad("This port speaks HTTP, and the first byte is of something else."))
      }
      return
    }
    guard line.last == 0x0D else {
      refuse(.bad("The lines of a request end in CR LF."))
      return
    }
    line.removeLast()
    do throws(HTTPRefusal) { try finishLine() } catch { refuse(error) }
    line.removeAll(keepingCapacity: true)
  }

  private mutating func refuse(_ refusal: HTTPRefusal) { state = .refused(refusal) }

  private mutating func finishLine() throws(HTTPRefusal) {
    guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
      throw .bad("There is a control character in the head of the request.")
    }
    guard let requestLine else {
      // "A server … SHOULD ignore at least one empty line (CRLF) received prior to the
      // request-line." (RFC 9112 section 2.2)
      if !line.isEmpty { self.requestLine = try RequestLine(line) }
      return
    }
    guard line.isEmpty else {
      try appendField()
      return
    }
    state = .complete(try request(requestLine))
  }

  private mutating func appendField() throws(HTTPRefusal) {
    guard fields.count < limits.fields else {
      throw HTTPRefusal(
        .requestHeaderFieldsTooLarge, "The head of the request has too many fields.")
    }
    guard line[0] != 0x20, line[0] != 0x09 else {
      throw .bad("A field of the head goes on in a second line, which is not allowed any more.")
    }
    // "No whitespace is allowed between the field name and colon." (RFC 9112 section 5.1)
    guard let colon = line.firstIndex(of: 0x3A), colon > 0,
      line[..<colon].allSatisfy(Self.isTokenByte)
    else { throw .bad("A line of the head is no field.") }
    fields.append(
      String(decoding: line[..<colon], as: UTF8.self),
      HTTPFields.trimmed(String(decoding: line[(colon + 1)...], as: UTF8.self)))
  }

  private func request(_ line: RequestLine) throws(HTTPRefusal) -> HTTPRequest {
    let hosts = fields.values(of: "Host")
    guard hosts.count == 1 else { throw .bad("A request names one Host.") }
    return HTTPRequest(
      method: line.method, target: line.target, host: line.authority ?? hosts[0], fields: fields,
      body: try body())
  }

  private func body() throws(HTTPRefusal) -> HTTPBody {
    let codings = fields.values(of: "Transfer-Encoding")
    let lengths = fields.values(of: "Content-Length")
    guard codings.isEmpty || lengths.isEmpty else {
      throw .bad("The request has both a Content-Length and a Transfer-Encoding.")
    }
    if let coding = codings.first {
      guard codings.count == 1, HTTPFields.isSame(coding, "chunked") else {
        throw HTTPRefusal(.notImplemented, "The only Transfer-Encoding known here is chunked.")
      }
      return .chunked
    }
    guard let length = lengths.first else { return .none }
    guard lengths.count == 1, !length.isEmpty,
      length.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { throw .bad("The Content-Length is no number.") }
    guard let count = Int(length) else {
      throw HTTPRefusal(.contentTooLarge, "The body of the request is too long.")
    }
    return count == 0 ? .none : .length(count)
  }

  /// What names of fields and methods are made of (RFC 9110 section 5.6.2).
  static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    // ! # $ % & ' * + - . ^ _ ` | ~
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
    default: false
    }
  }
}
