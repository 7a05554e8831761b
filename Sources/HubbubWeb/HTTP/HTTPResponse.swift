/// An answer, whole: what it says is known before its first byte leaves.
public struct HTTPResponse: Sendable, Equatable {
  public var status: HTTPStatus
  public var fields: HTTPFields
  public var body: [UInt8]

  public init(_ status: HTTPStatus, fields: HTTPFields = [:], body: [UInt8] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// A text for people, which no cache keeps.
  public init(_ status: HTTPStatus, text: String) {
    self.init(
      status, fields: ["Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"],
      body: Array("\(text)\n".utf8))
  }

  /// JSON, which no cache keeps.
  public init(_ status: HTTPStatus, json: [UInt8]) {
    self.init(
      status, fields: ["Content-Type": "application/json", "Cache-Control": "no-store"], body: json)
  }

  public init(_ refusal: HTTPRefusal) { self.init(refusal.status, text: refusal.sentence) }

  /// The bytes of the answer.
  ///
  /// - Parameters:
  ///   - method: of the request. The answer to HEAD has the head of the one to GET and no body.
  ///   - date: the seconds since 1970.
  ///   - keepsAlive: whether the connection is read from again.
  public func encoded(
    method: String, date seconds: Int64, keepsAlive: Bool, security: SecurityFields
  ) -> [UInt8] {
    var head = "HTTP/1.1 \(status.rawValue) \(status.phrase)\r\n"
    func add(_ name: String, _ value: String) {
      precondition(
        !value.utf8.contains { $0 < 0x20 }, "A field of an answer has a control character in it.")
      head += "\(name): \(value)\r\n"
    }
    add("Date", HTTPDate.text(seconds: seconds))
    for field in fields.all { add(field.name, field.value) }
    // What a page loads rules over nothing: it need not be told again what pages may do.
    let isPart = fields["Content-Type"].map(Self.isPartOfPage) ?? false
    for field in (isPart ? security.ofParts : security.fields).all { add(field.name, field.value) }
    if status != .switchingProtocols {
      if status != .noContent, status != .notModified { add("Content-Length", "\(body.count)") }
      if !keepsAlive { add("Connection", "close") }
    }
    head += "\r\n"
    return Array(head.utf8) + (method == "HEAD" || !status.hasBody ? [] : body)
  }

  private static func isPartOfPage(_ type: String) -> Bool {
    type.hasPrefix("text/javascript") || type.hasPrefix("text/css")
      || type.hasPrefix("application/manifest")
  }
}
