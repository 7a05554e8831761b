import IRCWire

/// An account: a name that belongs to somebody, and how they prove it.
public struct Account: StoredRow, Equatable {
  public struct Flags: OptionSet, Sendable, Equatable {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// Nobody can log in; the name stays taken.
    public static let suspended = Flags(rawValue: 1)

    /// It is gone for good; the name stays taken, unless an operator frees it.
    public static let erased = Flags(rawValue: 2)

    /// The person stays in its rooms while no device is connected.
    public static let stays = Flags(rawValue: 4)

    /// Private messages are not kept.
    public static let keepsNoDirectMessages = Flags(rawValue: 8)

    /// What was missed is not told again to connections that do not ask for it.
    public static let replaysNothing = Flags(rawValue: 32)

    /// Each connection is a person of its own.
    public static let keepsDevicesApart = Flags(rawValue: 64)

    /// What the account had said is not deleted yet.
    public static let messagesToErase = Flags(rawValue: 16)
  }

  public let id: Int64
  public var name: String

  /// As crypt(5) has it; nil: no password leads in.
  public var password: String?
  public var scram: ScramKeys?

  /// Hashes of the recovery code, and of one that an operator made, good until then (milliseconds
  /// since 1970).
  public var recovery: [UInt8]?
  public var reset: [UInt8]?
  public var resetUntil: Int64?
  public var flags: Flags

  /// Milliseconds since 1970.
  public var created: Int64
  public var seen: Int64

  /// Whether somebody may log in to it.
  public var isOpen: Bool { flags.isDisjoint(with: [.suspended, .erased]) }

  init(id: Int64, name: String, now: Int64) {
    (self.id, self.name, flags) = (id, name, [])
    (created, seen) = (now, now)
  }

  static let table = "account"
  static let columns = [
    "id", "folded", "name", "password", "scram", "recovery", "reset", "reset_until", "flags",
    "created", "seen",
  ]
  static let keyColumns = ["id"]
  static var place: WritableKeyPath<AccountBook, [Int64: Account]> { \.accounts }
  static func values(of key: Int64) -> [Value] { [.integer(key)] }
  static func key(_ row: Row) -> Int64? { row.integer(0) }

  public var key: Int64 { id }

  var values: [Value] {
    [
      .integer(id), .text(FoldedName(name).text), .text(name), .optional(password),
      .optional(scram?.stored), .optional(recovery), .optional(reset), .optional(resetUntil),
      .integer(flags.rawValue), .integer(created), .integer(seen),
    ]
  }

  init?(_ row: Row) {
    id = row.integer(0)
    name = row.text(2)
    password = row.optionalText(3)
    scram = row.optionalBytes(4).flatMap(ScramKeys.init(stored:))
    recovery = row.optionalBytes(5)
    reset = row.optionalBytes(6)
    resetUntil = row.optionalInteger(7)
    flags = Flags(rawValue: row.integer(8))
    created = row.integer(9)
    seen = row.integer(10)
  }

  static func index(_ old: Account?, _ new: Account?, in book: inout AccountBook) {
    if let old { book.accountsByName[FoldedName(old.name)] = nil }
    if let new { book.accountsByName[FoldedName(new.name)] = new.id }
  }
}
