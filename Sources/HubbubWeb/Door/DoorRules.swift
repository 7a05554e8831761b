import IRCWire

/// Whose requests are let in: by the name they used for the server, and by the page they come from.
public struct DoorRules: Sendable, Equatable {
  /// The server's names, without ports.
  public var names: [String]

  /// Pages of other servers that may open WebSockets here, as `https://chat.example`; `*` is every
  /// page.
  public var origins: [String]

  public init(names: [String], origins: [String] = []) {
    self.names = names
    self.origins = origins
  }

  /// Why a request is not let in; nil where it is.
  public func refusal(of request: HTTPRequest) -> HTTPRefusal? {
    guard let host = Authority(request.host), knows(host) else {
      return HTTPRefusal(
        .misdirectedRequest,
        "This server does not go by that name. Whoever runs it can add the name to its settings.")
    }
    // No cookie exists here that another page could abuse, so programs without an origin are fine.
    let sources = request.fields.values(of: "Origin")
    guard sources.count < 2, sources.allSatisfy({ admits($0, to: host) }) else {
      return HTTPRefusal(
        .forbidden,
        "Pages of that origin may not connect here. Whoever runs the server can list it.")
    }
    return nil
  }

  /// A name that only this machine has, an address, or one of ours. Any other name means that
  /// somebody's name server answers with our address, and that a page of theirs passes for ours
  /// ("DNS rebinding").
  func knows(_ host: Authority) -> Bool {
    host.isAddress || host.name == "localhost" || host.name.hasSuffix(".localhost")
      || names.contains { $0.lowercased() == host.name }
  }

  private func admits(_ origin: String, to host: Authority) -> Bool {
    if origins.contains(where: { $0 == "*" || HTTPFields.isSame($0, origin) }) { return true }
    for (scheme, port) in [("http://", 80), ("https://", 443)]
    where HTTPFields.isSame(String(origin.prefix(scheme.count)), scheme) {
      guard let source = Authority(String(origin.dropFirst(scheme.count))) else { return false }
      return source.name == host.name && source.port ?? port == host.port ?? port
    }
    return false
  }
}
