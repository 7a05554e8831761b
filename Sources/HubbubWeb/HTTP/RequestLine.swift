/// The first line of a request: method, target, version.
struct RequestLine: Sendable {
  let method: String
  let target: HTTPTarget

  /// The host, where the target was a whole address; it counts more than the Host field
  /// (RFC 9112 section 3.2.2).
  let authority: String?

  init(_ line: [UInt8]) throws(HTTPRefusal) {
    let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard parts.count == 3, !parts[0].isEmpty,
      parts[0].utf8.allSatisfy(HTTPRequestParser.isTokenByte), parts[2].hasPrefix("HTTP/")
    else { throw .bad("This port speaks HTTP, and the first line is none of a request.") }
    guard parts[2] == "HTTP/1.1" else {
      guard Self.isVersion(parts[2]) else { throw .bad("The version of HTTP is none.") }
      throw HTTPRefusal(
        .versionNotSupported, "HTTP/1.1 is spoken here, and no other version; tell your proxy so.")
    }
    // "A server … SHOULD … respond with 400" to what echoes a request, cookies and all.
    guard parts[0] != "TRACE", parts[0] != "CONNECT" else {
      throw .bad("TRACE and CONNECT are not done here.")
    }
    method = parts[0]
    (target, authority) = try Self.target(parts[1])
  }

  /// `HTTP/` and a digit on either side of a point.
  private static func isVersion(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.count == 8 && (0x30...0x39).contains(bytes[5]) && bytes[6] == 0x2E
      && (0x30...0x39).contains(bytes[7])
  }

  private static func target(_ text: String) throws(HTTPRefusal) -> (HTTPTarget, String?) {
    var path = text[...]
    var authority: String?
    for scheme in ["http://", "https://"]
    where HTTPFields.isSame(String(text.prefix(scheme.count)), scheme) {
      let rest = text.dropFirst(scheme.count)
      let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
      authority = String(rest[..<end])
      path = rest[end...]
      if path.first != "/" { path = "/" + path }
    }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.utf8.contains(0x23),
      authority?.isEmpty != true, let target = HTTPTarget(String(path))
    else { throw .bad("The address of the request is none.") }
    return (target, authority)
  }
}
