import IRCWire

/// Addresses of clients as the protocol can carry them.
enum PeerAddress {
  /// An IPv6 address that begins with a colon would be taken for a trailing parameter.
  static func onWire(_ address: String) -> String {
    address.hasPrefix(":") ? "0\(address)" : address
  }

  /// An address that somebody wrote, as all others are written; nil for what is none.
  static func reading(_ text: String) -> String? {
    guard !text.contains("/"), !text.contains("%"), let address = AddressRange(text) else {
      return nil
    }
    return onWire(address.description)
  }
}
