import IRCWire

/// A room that is kept.
public struct RegisteredRoom: StoredRow, Equatable {
  public let stream: StreamID
  public var name: String
  public var founder: Int64

  /// Whom it is offered to.
  public var successor: Int64?

  /// Milliseconds since 1970.
  public var created: Int64
  public var used: Int64

  /// How long it is kept what is said, in milliseconds; nil: as the server says, 0: not at all.
  public var keep: Int64?

  /// Topic, modes and lists, in the caller's form.
  public var state: String

  init(stream: StreamID, name: String, founder: Int64, now: Int64, state: String) {
    (self.stream, self.name, self.founder, self.state) = (stream, name, founder, state)
    (created, used) = (now, now)
  }

  static let table = "room"
  static let columns = [
    "stream", "folded", "name", "founder", "successor", "created", "used", "keep", "state",
  ]
  static let keyColumns = ["stream"]
  static var place: WritableKeyPath<AccountBook, [StreamID: RegisteredRoom]> { \.rooms }
  static func values(of key: StreamID) -> [Value] { [.integer(key.rawValue)] }
  static func key(_ row: Row) -> StreamID? { StreamID(stored: row.integer(0)) }
  public var key: StreamID { stream }

  var values: [Value] {
    [
      .integer(stream.rawValue), .text(FoldedName(name).text), .text(name), .integer(founder),
      .optional(successor), .integer(created), .integer(used), .optional(keep), .text(state),
    ]
  }

  init?(_ row: Row) {
    guard let stream = StreamID(stored: row.integer(0)) else { return nil }
    self.init(
      stream: stream, name: row.text(2), founder: row.integer(3), now: row.integer(5),
      state: row.text(8))
    successor = row.optionalInteger(4)
    used = row.integer(6)
    keep = row.optionalInteger(7)
  }

  static func index(_ old: RegisteredRoom?, _ new: RegisteredRoom?, in book: inout AccountBook) {
    if let old { book.roomsByName[FoldedName(old.name)] = nil }
    if let new { book.roomsByName[FoldedName(new.name)] = new.stream }
  }
}

/// What an account is in a room, as soon as it comes.
public struct RoomAccess: StoredRow, Equatable {
  /// The numbers are stored.
  public enum Standing: Int64, Sendable, Comparable, CaseIterable {
    case deny = -1
    case voice = 1
    case halfOperator = 2
    case op = 3
    case founder = 4

    public static func < (left: Standing, right: Standing) -> Bool {
      left.rawValue < right.rawValue
    }
  }

  public struct Key: Hashable, Sendable {
    public let room: StreamID
    public let account: Int64

    public init(_ room: StreamID, _ account: Int64) { (self.room, self.account) = (room, account) }
  }

  public let key: Key
  public let standing: Standing

  init(key: Key, standing: Standing) { (self.key, self.standing) = (key, standing) }

  static let table = "access"
  static let columns = ["room", "account", "standing"]
  static let keyColumns = ["room", "account"]
  static var place: WritableKeyPath<AccountBook, [Key: RoomAccess]> { \.access }
  static func values(of key: Key) -> [Value] {
    [.integer(key.room.rawValue), .integer(key.account)]
  }
  var values: [Value] { Self.values(of: key) + [.integer(standing.rawValue)] }

  static func key(_ row: Row) -> Key? {
    StreamID(stored: row.integer(0)).map { Key($0, row.integer(1)) }
  }

  init?(_ row: Row) {
    guard let key = Self.key(row), let standing = Standing(rawValue: row.integer(2)) else {
      return nil
    }
    self.init(key: key, standing: standing)
  }

  static func index(_ old: RoomAccess?, _ new: RoomAccess?, in book: inout AccountBook) {
    if let old { book.accessByRoom[old.key.room]?[old.key.account] = nil }
    if let new { book.accessByRoom[new.key.room, default: [:]][new.key.account] = new.standing }
    if let old, book.accessByRoom[old.key.room]?.isEmpty == true {
      book.accessByRoom[old.key.room] = nil
    }
  }
}

/// From which number on a room shows itself to whom. What was said keeps what it was said under.
public struct RoomVisibility: StoredRow, Equatable {
  /// The numbers are stored.
  public enum Level: Int64, Sendable, CaseIterable {
    /// What was said while one was there.
    case joined = 0

    /// Everything, to who is in.
    case members = 1

    /// Everything, to everybody.
    case everybody = 2
  }

  public struct Key: Hashable, Sendable {
    public let room: StreamID
    public let first: UInt64
  }

  public let key: Key
  public let level: Level

  init(key: Key, level: Level) { (self.key, self.level) = (key, level) }

  static let table = "visibility"
  static let columns = ["room", "first", "level"]
  static let keyColumns = ["room", "first"]
  static var place: WritableKeyPath<AccountBook, [Key: RoomVisibility]> { \.visibilities }
  static func values(of key: Key) -> [Value] {
    [.integer(key.room.rawValue), .integer(Int64(key.first))]
  }
  var values: [Value] { Self.values(of: key) + [.integer(level.rawValue)] }

  static func key(_ row: Row) -> Key? {
    guard let room = StreamID(stored: row.integer(0)), row.integer(1) >= 0 else { return nil }
    return Key(room: room, first: UInt64(row.integer(1)))
  }

  init?(_ row: Row) {
    guard let key = Self.key(row), let level = Level(rawValue: row.integer(2)) else { return nil }
    self.init(key: key, level: level)
  }

  static func index(_ old: RoomVisibility?, _ new: RoomVisibility?, in book: inout AccountBook) {
    if let old { book.visibilityByRoom[old.key.room]?[old.key.first] = nil }
    if let new { book.visibilityByRoom[new.key.room, default: [:]][new.key.first] = new.level }
    if let old, book.visibilityByRoom[old.key.room]?.isEmpty == true {
      book.visibilityByRoom[old.key.room] = nil
    }
  }
}

/// A stay of an account in a room: from which number to which one it was there.
public struct RoomVisit: StoredRow, Equatable {
  public struct Key: Hashable, Sendable {
    public let account: Int64
    public let room: StreamID
    public let first: UInt64
  }

  public let key: Key

  /// nil: it is there.
  public var last: UInt64?

  init(key: Key, last: UInt64?) { (self.key, self.last) = (key, last) }

  static let table = "visit"
  static let columns = ["account", "room", "first", "last"]
  static let keyColumns = ["account", "room", "first"]
  static var place: WritableKeyPath<AccountBook, [Key: RoomVisit]> { \.visits }
  static func values(of key: Key) -> [Value] {
    [.integer(key.account), .integer(key.room.rawValue), .integer(Int64(key.first))]
  }
  var values: [Value] { Self.values(of: key) + [.optional(last.map { Int64($0) })] }

  static func key(_ row: Row) -> Key? {
    guard let room = StreamID(stored: row.integer(1)), row.integer(2) >= 0 else { return nil }
    return Key(account: row.integer(0), room: room, first: UInt64(row.integer(2)))
  }

  init?(_ row: Row) {
    guard let key = Self.key(row) else { return nil }
    let last = row.optionalInteger(3)
    self.init(key: key, last: last.map { UInt64(max(0, $0)) })
  }

  static func index(_ old: RoomVisit?, _ new: RoomVisit?, in book: inout AccountBook) {
    guard let key = new?.key ?? old?.key else { return }
    let owner = RoomAccess.Key(key.room, key.account)
    if old != nil { book.visitsByOwner[owner]?.removeAll { $0.key == key } }
    if let new { book.visitsByOwner[owner, default: []].append(new) }
    book.visitsByOwner[owner]?.sort { $0.key.first < $1.key.first }
    if book.visitsByOwner[owner]?.isEmpty == true { book.visitsByOwner[owner] = nil }
  }
}
