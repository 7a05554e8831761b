import HubbubRooms
import IRCWire

/// Somebody, or a part of the network, that the server does not want.
struct ServerBan: Sendable, Equatable {
  /// Who is banned.
  enum Target: Sendable, Hashable, CustomStringConvertible {
    /// A mask of `user@host`: KLINE.
    case mask(UserHostMask)

    /// An address or a network: DLINE. They are not even greeted.
    case network(AddressRange)

    /// `user@host`, `user@network`, an address or a network.
    init(_ text: String) throws(MaskFault) {
      self =
        text.contains("@")
        ? .mask(try UserHostMask(completing: text)) : .network(try AddressRange(parsing: text))
      if isEverybody { throw .everybody(text) }
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

  func isExpired(at now: Timestamp) -> Bool { expiresAt.map { $0 <= now } ?? false }

  /// Whether it concerns somebody.
  ///
  /// - Parameters:
  ///   - subject: what it is known by (`Profile.maskSubject`).
  ///   - address: where it comes from.
  func matches(_ subject: MaskSubject, from address: IPAddress?) -> Bool {
    switch target {
    case .network(let range): address.map(range.contains) ?? false
    case .mask(let mask): mask.matches(subject)
    }
  }

  /// What those who are banned are told.
  var explanation: String { reason.isEmpty ? "Banned" : "Banned: \(reason)" }
}
