import IRCWire

/// What a registered room keeps of who may do what in it: the room lasts, and those named here have
/// their standing as soon as they come, or log in.
public struct RoomRegistration: Sendable, Equatable {
  /// What an account is in the room.
  public enum Standing: Sendable, Hashable {
    /// It does not come in.
    case denied
    case voiced, assisting, operating, founder

    var status: MemberStatus {
      switch self {
      case .denied: []
      case .voiced: .voiced
      case .assisting: .assisting
      case .operating, .founder: .operating
      }
    }
  }

  /// Who may read what was said before they came.
  public enum Visibility: String, Sendable {
    /// Those who were there when it was said.
    case joined

    /// Whoever is in.
    case members
  }

  /// nil: whoever is in, but for what was said while the room was `+i`, `+k` or `+s`.
  public var visibility: Visibility?

  /// The number under which the room is kept. Rooms know nothing more of it.
  public let number: Int64

  /// By the account's name.
  public private(set) var access: [FoldedName: Standing]

  public init(
    number: Int64, access: [String: Standing], visibility: Visibility? = nil
  ) {
    self.number = number
    self.visibility = visibility
    self.access = [:]
    for (account, standing) in access { self.access[FoldedName(account)] = standing }
  }

  /// What an account is; nil for one that is not named, and for guests.
  func standing(of account: String?) -> Standing? { account.flatMap { access[FoldedName($0)] } }

  mutating func set(_ account: String, _ standing: Standing?) {
    access[FoldedName(account)] = standing
  }
}
