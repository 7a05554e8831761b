import IRCWire

/// What a registered room keeps of who may do what in it: the room lasts, and those named here have
/// their standing as soon as they come, or log in.
public struct RoomRegistration: Sendable, Equatable {
  /// What an account is in the room.
  public enum Standing: Sendable, Equatable {
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

  /// The number under which the room is kept. Rooms know nothing more of it.
  public let number: Int64

  /// By the account's name.
  public private(set) var access: [FoldedName: Standing]

  public init(number: Int64, access: [String: Standing]) {
    self.number = number
    self.access = [:]
    for (account, standing) in access { self.access[FoldedName(account)] = standing }
  }

  /// What an account is; nil for one that is not named, and for guests.
  func standing(of account: String?) -> Standing? { account.flatMap { access[FoldedName($0)] } }

  mutating func set(_ account: String, _ standing: Standing?) {
    access[FoldedName(account)] = standing
  }
}
