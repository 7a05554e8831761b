import HubbubRooms
import IRCWire

/// Somebody, or a part of the network, that the server does not want.
struct ServerBan: Sendable, Equatable {
  /// Who is banned.
  enum Target: Sendable, Hashable, CustomStringConvertible {
    /// A mask of `user@host`: KLINE.
    case mask(Mask)

    /// Users of this name in a network: KLINE.
    case user(Mask, in: AddressRange)

    /// An address or a network: DLINE. They are not even greeted.
    case network(AddressRange)

    /// `user@host`, `user@network`, an address or a network; nil for anything else.
    init?(_ text: String) {
      if let at = text.lastIndex(of: "@") {
        let host = text[text.index(after: at)...]
        let range = host.contains("/") ? AddressRange(String(host)) : nil
        self = range.map { .user(Mask(String(text[..<at])), in: $0) } ?? .mask(Mask(text))
      } else {
        guard let range = AddressRange(text) else { return nil }
        self = .network(range)
      }
    }

    var description: String {
      switch self {
      case .mask(let mask): mask.description
      case .user(let mask, let range): "\(mask)@\(range)"
      case .network(let range): range.description
      }
    }
  }

  var target: Target
  var reason: String

  /// The operator, as `nickname!user@host`.
  var setBy: String
  var setAt: Timestamp

  /// When it ends by itself; nil for never.
  var expiresAt: Timestamp?

  func isOver(at now: Timestamp) -> Bool { expiresAt.map { $0 <= now } ?? false }

  /// Whether it concerns somebody.
  ///
  /// - Parameters:
  ///   - addresses: what it is known by (`Profile.addresses`).
  ///   - address: where it comes from.
  func matches(_ addresses: [String], from address: UInt128?) -> Bool {
    switch target {
    case .network(let range): return address.map(range.contains) ?? false
    case .mask(let mask): return addresses.contains(where: mask.matches(address:))
    case .user(let mask, let range):
      guard let address, range.contains(address) else { return false }
      return addresses.contains { mask.matches(address: String($0.prefix { $0 != "@" })) }
    }
  }

  /// What those who are banned are told.
  var explanation: String { reason.isEmpty ? "Banned" : "Banned: \(reason)" }
}
