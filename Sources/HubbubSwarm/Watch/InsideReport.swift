import IRCWire

/// What a Hubbub server says of its rooms from inside: the answer to `STATS f`, as plain values.
public struct InsideReport: Sendable, Equatable, Encodable {
  /// One room and how evenly it is served.
  public struct Room: Sendable, Equatable, Encodable {
    public var name: String

    /// Entries that its log has had.
    public var sequence = 0

    /// Broadcasts that were watched.
    public var samples = 0

    /// The time from the first member's getting a message to the last one's, in microseconds; nil
    /// while nothing was watched.
    public var spreadP50: Int?
    public var spreadP99: Int?
    public var greatestLagBytes = 0
    public var members: [Member] = []
    public var endings: [Ending] = []
  }

  /// One member's reading.
  public struct Member: Sendable, Equatable, Encodable {
    public var nickname: String
    public var lagMessages: Int
    public var lagBytes: Int

    /// Where it stood on average: 0 always first, 1 always last.
    public var meanPosition: Double

    /// Its share of what was said, 0 to 1, by the broadcasts that were watched.
    public var share: Double
    public var samples: Int
    public var isBlocked: Bool
  }

  /// A connection that the server ended itself.
  public struct Ending: Sendable, Equatable, Encodable {
    public var nickname: String
    public var secondsAgo: Int
    public var lagBytes: Int
    public var reason: String
  }

  public private(set) var rooms: [Room] = []

  /// nil where the server is alone.
  public private(set) var network: NetworkReport?

  /// Takes the messages of one answer, up to RPL_ENDOFSTATS, apart. Lines that it does not know are
  /// passed over.
  public init(_ messages: [Message]) {
    network = NetworkReport(messages)
    for message in messages where message.command == Numeric.statsFanOut.code {
      guard message.parameters.count == 4, message.parameters[1] == "f" else { continue }
      add(message.parameters[3], to: message.parameters[2])
    }
  }

  /// For a report that comes from elsewhere than from a server.
  mutating func set(_ rooms: [Room]) { self.rooms = rooms }

  private mutating func add(_ text: String, to name: String) {
    let fields = InsideFields(text)
    switch fields.kind {
    case "room": rooms.append(Self.room(name, fields))
    case "member": rooms.indices.last.map { rooms[$0].members.append(Self.member(fields)) }
    case "ended": rooms.indices.last.map { rooms[$0].endings.append(Self.ending(fields)) }
    default: break
    }
  }

  private static func room(_ name: String, _ fields: InsideFields) -> Room {
    Room(
      name: name, sequence: fields.int("sequence") ?? 0, samples: fields.int("samples") ?? 0,
      spreadP50: fields.int("spread50us"), spreadP99: fields.int("spread99us"),
      greatestLagBytes: fields.int("lagbytes") ?? 0)
  }

  private static func member(_ fields: InsideFields) -> Member {
    Member(
      nickname: fields["nick"] ?? "?", lagMessages: fields.int("lag") ?? 0,
      lagBytes: fields.int("lagbytes") ?? 0,
      meanPosition: fields["position"].flatMap(Double.init) ?? 0.5,
      share: fields["share"].flatMap(Double.init) ?? 0, samples: fields.int("samples") ?? 0,
      isBlocked: fields.int("blocked") == 1)
  }

  private static func ending(_ fields: InsideFields) -> Ending {
    Ending(
      nickname: fields["nick"] ?? "?", secondsAgo: fields.int("seconds") ?? 0,
      lagBytes: fields.int("lagbytes") ?? 0, reason: fields["reason"] ?? "")
  }
}
