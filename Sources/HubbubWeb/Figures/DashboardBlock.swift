import FoundationEssentials

/// What the dashboard is told once a second: one JSON object, the same for all who look.
///
/// Rates are of the second before. A figure that was not measured is left out (`null` stands for
/// nothing), and the page says so instead of drawing a 0.
public struct DashboardBlock: Codable, Sendable, Equatable {
  /// Changes when a field changes its meaning; the page asks to be loaded again then.
  public static let formatVersion = 1

  public var format = DashboardBlock.formatVersion

  /// Milliseconds since 1970.
  public var time: Int64
  public var server: ServerFigures
  public var rooms: [RoomFigures]
  public var endings: [Count]
  public var refusals: [Count]
  public var locks: [LockFigures]
  public var store: StoreFigures?
  public var threads: [ThreadFigures]

  public init(
    time: Int64, server: ServerFigures, rooms: [RoomFigures] = [], endings: [Count] = [],
    refusals: [Count] = [], locks: [LockFigures] = [], store: StoreFigures? = nil,
    threads: [ThreadFigures] = []
  ) {
    (self.time, self.server, self.rooms, self.endings) = (time, server, rooms, endings)
    (self.refusals, self.locks, self.store, self.threads) = (refusals, locks, store, threads)
  }

  public struct ServerFigures: Codable, Sendable, Equatable {
    public var name: String
    public var version: String
    public var uptimeSeconds: Int64

    /// Connections by how they came: `tcp`, `tls`, `web`, `terminal`.
    public var clients: [Count]
    public var messagesPerSecond: Double
    public var deliveriesPerSecond: Double
    public var sentBytesPerSecond: Double

    /// Connections whose socket takes nothing at present.
    public var blocked: Int

    /// Processor seconds in this second, of all processors.
    public var processorSeconds: Double
    public var memoryBytes: Int64

    public init(
      name: String, version: String, uptimeSeconds: Int64, clients: [Count],
      messagesPerSecond: Double, deliveriesPerSecond: Double, sentBytesPerSecond: Double,
      blocked: Int, processorSeconds: Double, memoryBytes: Int64
    ) {
      (self.name, self.version, self.uptimeSeconds) = (name, version, uptimeSeconds)
      (self.clients, self.messagesPerSecond) = (clients, messagesPerSecond)
      self.deliveriesPerSecond = deliveriesPerSecond
      (self.sentBytesPerSecond, self.blocked) = (sentBytesPerSecond, blocked)
      (self.processorSeconds, self.memoryBytes) = (processorSeconds, memoryBytes)
    }
  }

  public struct Count: Codable, Sendable, Equatable {
    public var name: String
    public var count: Int64

    public init(name: String, count: Int64) { (self.name, self.count) = (name, count) }
  }

  /// One room, as its sampler sees it.
  public struct RoomFigures: Codable, Sendable, Equatable {
    public var name: String
    public var members: Int
    public var messagesPerSecond: Double

    /// The time from the first to the last member of a fan-out, in microseconds; nil without a
    /// sample.
    public var spreadP50: Double?
    public var spreadP99: Double?

    /// Those who are worth a look: the most favoured, the least favoured, the furthest behind.
    public var people: [MemberFigures]

    public init(
      name: String, members: Int, messagesPerSecond: Double, spreadP50: Double?,
      spreadP99: Double?, people: [MemberFigures]
    ) {
      (self.name, self.members, self.messagesPerSecond) = (name, members, messagesPerSecond)
      (self.spreadP50, self.spreadP99, self.people) = (spreadP50, spreadP99, people)
    }
  }

  public struct MemberFigures: Codable, Sendable, Equatable {
    public var nickname: String

    /// Where it stands on average among those who are told something: 0 is always first, 1 always
    /// last, 0.5 is fair. nil without a sample.
    public var position: Double?
    public var lagBytes: Int64

    /// Whether its socket takes nothing at present.
    public var isBlocked: Bool

    public init(nickname: String, position: Double?, lagBytes: Int64, isBlocked: Bool) {
      (self.nickname, self.position, self.lagBytes) = (nickname, position, lagBytes)
      self.isBlocked = isBlocked
    }
  }

  public struct LockFigures: Codable, Sendable, Equatable {
    public var name: String

    /// The longest time that it was held in this second, in microseconds.
    public var heldMicroseconds: Double

    public init(name: String, heldMicroseconds: Double) {
      (self.name, self.heldMicroseconds) = (name, heldMicroseconds)
    }
  }

  public struct StoreFigures: Codable, Sendable, Equatable {
    public var waitingBytes: Int64

    /// The longest commit of this second, in milliseconds.
    public var commitMilliseconds: Double
    public var lost: Int64

    public init(waitingBytes: Int64, commitMilliseconds: Double, lost: Int64) {
      (self.waitingBytes, self.lost) = (waitingBytes, lost)
      self.commitMilliseconds = commitMilliseconds
    }
  }

  /// Threads of one kind.
  public struct ThreadFigures: Codable, Sendable, Equatable {
    public var kind: String
    public var count: Int
    public var processorSeconds: Double

    public init(kind: String, count: Int, processorSeconds: Double) {
      (self.kind, self.count, self.processorSeconds) = (kind, count, processorSeconds)
    }
  }

  /// One line of JSON.
  ///
  /// - Throws: `EncodingError`, for a figure that is no number.
  public func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self))
  }
}
