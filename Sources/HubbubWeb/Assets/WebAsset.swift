/// One file of the browser's client, ready to be sent.
public struct WebAsset: Sendable {
  public let name: String
  public let bytes: [UInt8]
  public let gzipped: [UInt8]

  /// Names exactly these bytes (RFC 9110 section 8.8.3), with its quotes.
  public let tag: String
  let contentType: String

  init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    gzipped = Gzip.compress(bytes)
    tag = "\"\(SHA256.hex(bytes).prefix(16))\""
    contentType =
      switch name.split(separator: ".").last {
      case "html": "text/html; charset=utf-8"
      case "css": "text/css; charset=utf-8"
      case "js": "text/javascript; charset=utf-8"
      case "svg": "image/svg+xml"
      default: "application/manifest+json"
      }
  }

  /// - Parameter isUnderHash: whether the address names the content, so that it never changes.
  func response(to request: HTTPRequest, isUnderHash: Bool) -> HTTPResponse {
    var fields: HTTPFields = [
      "ETag": tag, "Vary": "Accept-Encoding",
      "Cache-Control": isUnderHash ? "public, max-age=31536000, immutable" : "no-cache",
    ]
    // "the recipient … MUST use the weak comparison function" (RFC 9110 section 13.1.2)
    let known = request.fields.list("If-None-Match")
    guard !known.contains(where: { $0 == "*" || $0 == tag || $0 == "W/\(tag)" }) else {
      return HTTPResponse(.notModified, fields: fields)
    }
    fields.append("Content-Type", contentType)
    guard AcceptedEncoding.allowsGzip(request.fields) else {
      return HTTPResponse(.ok, fields: fields, body: bytes)
    }
    fields.append("Content-Encoding", "gzip")
    return HTTPResponse(.ok, fields: fields, body: gzipped)
  }
}
