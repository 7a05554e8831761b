/// The fields that tell a browser what the pages of this server may do, on every answer.
public struct SecurityFields: Sendable, Equatable {
  public let fields: HTTPFields

  /// For scripts and style sheets, which are nothing by themselves.
  public let ofParts: HTTPFields = [
    "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin",
  ]

  /// - Parameters:
  ///   - names: the server's names; the page may open WebSockets to them, encrypted, also where it
  ///     came from another of its names.
  ///   - isSecure: whether the connection is encrypted; only then may browsers be told to insist.
  public init(names: [String], isSecure: Bool) {
    let sockets = names.map { " wss://\($0)" }.joined()
    let policy = [
      "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
      "connect-src 'self'\(sockets)", "manifest-src 'self'", "base-uri 'none'",
      "form-action 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].joined(separator: "; ")
    var fields: HTTPFields = [
      "Content-Security-Policy": policy,
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer",
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Resource-Policy": "same-origin",
    ]
    if isSecure { fields.append("Strict-Transport-Security", "max-age=31536000") }
    self.fields = fields
  }
}
