import HubbubRooms
import IRCWire

/// Somebody, or a part of the network, that the server does not want.
struct ServerBan: Sendable, Equatable {
  /// Who is banned.
  enum Target: Sendable, Hashable, CustomStringConvertible {
    /// A mask of `user@host`: KLINE.
    case mask(Mask)

    /// An address or a network: DLINE. They are not even greeted.
    case network(AddressRange)

    /// `user@host`, an address or a network; nil for anything else.
    init?(_ text: String) {
      if text.utf8.contains(UInt8(ascii: "@")) {
        self = .mask(Mask(text))
      } else {
        guard let range = AddressRange(text) else { return nil }
        self = .network(range)
      }
    }

    var description: String {
      switch self {
      case .mask(let mask): mask.description
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

  /// Whether it concerns this person.
  ///
  /// - Parameter address: where it comes from.
  func matches(_ profile: Profile, address: UInt128?) -> Bool {
    switch target {
    case .network(let range): return address.map(range.contains) ?? false
    case .mask(let mask): return profile.addresses.contains(where: mask.matches(address:))
    }
  }

  /// What those who are banned are told.
  var explanation: String { reason.isEmpty ? "Banned" : "Banned: \(reason)" }
}
