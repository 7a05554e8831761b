/// The head of a request, read and found valid. The body, if there is one, is still to come.
public struct HTTPRequest: Sendable, Equatable {
  /// As it was sent: methods tell the case of letters apart.
  public let method: String
  public let target: HTTPTarget

  /// The `Host` that the client meant, with its port if it named one.
  public let host: String
  public let fields: HTTPFields
  public let body: HTTPBody

  /// Whether the client may send another request on this connection.
  public var keepsAlive: Bool { !fields.list("Connection", has: "close") }

  /// Whether the client waits for a word before it sends the body (RFC 9110 section 10.1.1).
  public var expectsContinue: Bool {
    body != .none && fields.values(of: "Expect").contains { HTTPFields.isSame($0, "100-continue") }
  }

  /// Whether it asks for another protocol on this connection, of whatever version.
  public var wantsWebSocket: Bool {
    fields.list("Upgrade", has: "websocket") && fields.list("Connection", has: "Upgrade")
  }
}

/// How the end of a body is told.
public enum HTTPBody: Sendable, Equatable {
  case none
  case length(Int)
  case chunked
}
