import IRCWire

/// One device of an account, with a password of its own or without.
public struct Device: StoredRow, Equatable {
  public struct Key: Hashable, Sendable {
    public let account: Int64
    public let name: FoldedName

    public init(_ account: Int64, _ name: String) {
      (self.account, self.name) = (account, FoldedName(name))
    }
  }

  public let account: Int64
  public let name: String

  /// The hash of its password, and behind it the keys for SCRAM, if any; nil: it has none.
  public var secret: [UInt8]?

  private static let hashBytes = 32

  /// Whether that is its password.
  func hasPassword(_ password: String) -> Bool {
    SecretCode.matches(password, secret.map { Array($0.prefix(Self.hashBytes)) })
  }

  /// What its password leads in by with SCRAM.
  public var scram: ScramKeys? {
    secret.flatMap { ScramKeys(stored: Array($0.dropFirst(Self.hashBytes))) }
  }

  /// When it logged in last, in milliseconds since 1970.
  public var seen: Int64

  init(account: Int64, name: String, secret: [UInt8]?, seen: Int64) {
    (self.account, self.name, self.secret, self.seen) = (account, name, secret, seen)
  }

  static let table = "device"
  static let columns = ["account", "folded", "name", "secret", "seen"]
  static let keyColumns = ["account", "folded"]
  static var place: WritableKeyPath<AccountBook, [Key: Device]> { \.devices }
  static func values(of key: Key) -> [Value] { [.integer(key.account), .text(key.name.text)] }
  static func key(_ row: Row) -> Key? { Key(row.integer(0), row.text(1)) }
  public var key: Key { Key(account, name) }

  var values: [Value] {
    Self.values(of: key) + [.text(name), .optional(secret), .integer(seen)]
  }

  init?(_ row: Row) {
    self.init(
      account: row.integer(0), name: row.text(2), secret: row.optionalBytes(3),
      seen: row.integer(4))
  }
}

/// A client's certificate, which leads into an account.
public struct AccountCertificate: StoredRow, Equatable {
  /// SHA-256 of it.
  public let fingerprint: [UInt8]
  public let account: Int64
  public let name: String

  init(fingerprint: [UInt8], account: Int64, name: String) {
    (self.fingerprint, self.account, self.name) = (fingerprint, account, name)
  }

  static let table = "certificate"
  static let columns = ["fingerprint", "account", "name"]
  static let keyColumns = ["fingerprint"]
  static var place: WritableKeyPath<AccountBook, [[UInt8]: AccountCertificate]> {
    \.certificates
  }
  static func values(of key: [UInt8]) -> [Value] { [.bytes(key)] }
  static func key(_ row: Row) -> [UInt8]? { row.bytes(0) }
  public var key: [UInt8] { fingerprint }
  var values: [Value] { [.bytes(fingerprint), .integer(account), .text(name)] }

  init?(_ row: Row) {
    self.init(fingerprint: row.bytes(0), account: row.integer(1), name: row.text(2))
  }
}

/// A further nickname that belongs to an account.
public struct OwnedNickname: StoredRow, Equatable {
  public let name: String
  public let account: Int64

  init(name: String, account: Int64) { (self.name, self.account) = (name, account) }

  static let table = "nickname"
  static let columns = ["folded", "name", "account"]
  static let keyColumns = ["folded"]
  static var place: WritableKeyPath<AccountBook, [FoldedName: OwnedNickname]> { \.nicknames }
  static func values(of key: FoldedName) -> [Value] { [.text(key.text)] }
  static func key(_ row: Row) -> FoldedName? { FoldedName(row.text(0)) }
  public var key: FoldedName { FoldedName(name) }
  var values: [Value] { [.text(key.text), .text(name), .integer(account)] }
  init?(_ row: Row) { self.init(name: row.text(1), account: row.integer(2)) }
}

/// The conversation of two accounts, which may be one and the same.
public struct Conversation: StoredRow, Equatable {
  /// Both, the lower number first.
  public struct Pair: Hashable, Sendable {
    public let low: Int64
    public let high: Int64

    public init(_ one: Int64, _ other: Int64) {
      (low, high) = (min(one, other), max(one, other))
    }
  }

  public let stream: StreamID
  public let pair: Pair

  init(stream: StreamID, pair: Pair) { (self.stream, self.pair) = (stream, pair) }

  static let table = "conversation"
  static let columns = ["stream", "low", "high"]
  static let keyColumns = ["stream"]
  static var place: WritableKeyPath<AccountBook, [StreamID: Conversation]> { \.conversations }
  static func values(of key: StreamID) -> [Value] { [.integer(key.rawValue)] }
  static func key(_ row: Row) -> StreamID? { StreamID(stored: row.integer(0)) }
  public var key: StreamID { stream }
  var values: [Value] { [.integer(stream.rawValue), .integer(pair.low), .integer(pair.high)] }

  init?(_ row: Row) {
    guard let stream = StreamID(stored: row.integer(0)) else { return nil }
    self.init(stream: stream, pair: Pair(row.integer(1), row.integer(2)))
  }

  static func index(_ old: Conversation?, _ new: Conversation?, in book: inout AccountBook) {
    if let old { book.conversationsByPair[old.pair] = nil }
    if let new { book.conversationsByPair[new.pair] = new.stream }
  }
}

/// How far an account has read what is said in a room, or with somebody.
public struct ReadMarker: StoredRow, Equatable {
  public struct Key: Hashable, Sendable {
    public let account: Int64

    /// The room, or the nickname of the other.
    public let target: FoldedName

    public init(_ account: Int64, _ target: FoldedName) {
      (self.account, self.target) = (account, target)
    }
  }

  public let key: Key

  /// Milliseconds since 1970.
  public let time: Int64

  public init(key: Key, time: Int64) { (self.key, self.time) = (key, time) }

  static let table = "marker"
  static let columns = ["account", "target", "time"]
  static let keyColumns = ["account", "target"]
  static var place: WritableKeyPath<AccountBook, [Key: ReadMarker]> { \.markers }
  static func values(of key: Key) -> [Value] {
    [.integer(key.account), .text(key.target.text)]
  }
  static func key(_ row: Row) -> Key? { Key(row.integer(0), FoldedName(row.text(1))) }
  var values: [Value] { Self.values(of: key) + [.integer(time)] }

  init?(_ row: Row) {
    self.init(key: Key(row.integer(0), FoldedName(row.text(1))), time: row.integer(2))
  }

  static func index(_ old: ReadMarker?, _ new: ReadMarker?, in book: inout AccountBook) {
    if old == nil, let new { book.markerCounts[new.key.account, default: 0] += 1 }
    if new == nil, let old { book.markerCounts[old.key.account, default: 1] -= 1 }
  }
}

/// What a person goes on with who stays in its rooms without a connection, also over a restart.
public struct StayingPerson: StoredRow, Equatable {
  public let account: Int64

  /// In the caller's form.
  public let state: String

  init(account: Int64, state: String) { (self.account, self.state) = (account, state) }

  static let table = "staying"
  static let columns = ["account", "state"]
  static let keyColumns = ["account"]
  static var place: WritableKeyPath<AccountBook, [Int64: StayingPerson]> { \.staying }
  static func values(of key: Int64) -> [Value] { [.integer(key)] }
  static func key(_ row: Row) -> Int64? { row.integer(0) }
  public var key: Int64 { account }
  var values: [Value] { [.integer(account), .text(state)] }
  init?(_ row: Row) { self.init(account: row.integer(0), state: row.text(1)) }
}

/// What a person or a room says of itself: a key and a value.
public struct MetadataEntry: StoredRow, Equatable {
  public struct Key: Hashable, Sendable {
    /// The caller's name for whom it is about.
    public let subject: String
    public let key: String

    public init(_ subject: String, _ key: String) { (self.subject, self.key) = (subject, key) }

    public static func subject(ofAccount id: Int64) -> String { "a\(id)" }
    public static func subject(ofRoom number: Int64) -> String { "r\(number)" }
  }

  public let key: Key
  public let value: String

  init(key: Key, value: String) { (self.key, self.value) = (key, value) }

  static let table = "metadata"
  static let columns = ["subject", "key", "value"]
  static let keyColumns = ["subject", "key"]
  static var place: WritableKeyPath<AccountBook, [Key: MetadataEntry]> { \.metadata }
  static func values(of key: Key) -> [Value] { [.text(key.subject), .text(key.key)] }
  static func key(_ row: Row) -> Key? { Key(row.text(0), row.text(1)) }
  var values: [Value] { Self.values(of: key) + [.text(value)] }
  init?(_ row: Row) { self.init(key: Key(row.text(0), row.text(1)), value: row.text(2)) }

  static func index(_ old: MetadataEntry?, _ new: MetadataEntry?, in book: inout AccountBook) {
    if let old { book.metadataKeys[old.key.subject]?.remove(old.key.key) }
    if let new { book.metadataKeys[new.key.subject, default: []].insert(new.key.key) }
    if let old, book.metadataKeys[old.key.subject]?.isEmpty == true {
      book.metadataKeys[old.key.subject] = nil
    }
  }
}

extension StreamID {
  /// - Parameter rawValue: one that was read from a file. nil for what no stream has.
  init?(stored rawValue: Int64) {
    guard (1...Self.max).contains(rawValue) else { return nil }
    self.init(rawValue: rawValue)
  }
}
