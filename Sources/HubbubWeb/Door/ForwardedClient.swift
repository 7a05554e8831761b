import IRCWire

/// Who is behind a connection that may come from a proxy, by what the proxy says of it.
public struct ForwardedClient: Sendable, Equatable {
  /// Where the client comes from.
  public let address: String

  /// Whether it speaks TLS with the proxy; false where no proxy says so.
  public let isSecure: Bool

  /// Whether a proxy brought it.
  public let isForwarded: Bool

  /// - Parameters:
  ///   - peer: the address at the other end of the connection.
  ///   - trusted: the proxies that are believed. What another peer says of itself is not read.
  public init(peer: String, _ fields: HTTPFields, trusted: [AddressRange]) {
    guard Self.isTrusted(peer, trusted) else {
      (address, isSecure, isForwarded) = (peer, false, false)
      return
    }
    var address = peer
    // Each proxy adds who came to it at the right. So it is read from there, past our own proxies;
    // what is further left is what a stranger claimed.
    for element in fields.list("X-Forwarded-For").reversed() {
      guard let next = Self.address(element) else { break }
      address = next
      if !Self.isTrusted(next, trusted) { break }
    }
    self.address = address
    isForwarded = address != peer
    isSecure = fields.list("X-Forwarded-Proto").last.map { HTTPFields.isSame($0, "https") } ?? false
  }

  private static func isTrusted(_ address: String, _ ranges: [AddressRange]) -> Bool {
    ranges.contains { $0.contains(address) }
  }

  /// An address, alone or with a port behind it, as some proxies add it.
  private static func address(_ text: String) -> String? {
    if let address = IPAddress(text) { return address.description }
    guard let authority = Authority(text), authority.isAddress else { return nil }
    return IPAddress(authority.name)?.description
  }
}
