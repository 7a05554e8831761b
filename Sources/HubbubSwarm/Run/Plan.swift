import Glibc
import HubbubSockets

/// What a run of the swarm does.
public struct Plan: Sendable {
  /// When a bot sends its next message.
  public enum Load: Sendable, Equatable {
    /// On a schedule, whatever the server does: this many messages a second, all bots together.
    case rate(Double)

    /// As fast as the server goes: each bot has at most `window` messages under way.
    case saturate(window: Int)
  }

  /// How long the bots send.
  public enum Length: Sendable, Equatable {
    /// For so long after the warm-up.
    case duration(Duration)

    /// This many messages, all bots together, after the warm-up's.
    case messages(Int)
  }

  /// Where the server listens; several, where its nodes share their rooms.
  public var targets: [Endpoint]

  /// Whom to believe to be the server, over TLS; nil for plain text.
  public var tls: TLSContext?

  /// Where bots come by WebSocket, with the same trust; nil: nobody does.
  public var web: WebDoor?

  public var bots = 20
  public var rooms = 1

  /// Bots in each room that read and never send.
  public var observers = 2

  public var load = Load.rate(500)
  public var length = Length.duration(.seconds(10))
  public var pattern = Pattern.constant

  /// How long the bots send before anything counts. Losses and order always count.
  public var warmUp = Duration.seconds(1)

  /// The bytes of a message's text.
  public var textBytes = 64

  /// Clients that register, join rooms of their own and then say nothing.
  public var idle = 0

  /// Bots that stop to read halfway through.
  public var stalled = 0

  /// How many times a bot's rate one more bot sends from halfway on.
  public var flooderFactor: Double?

  /// Whether one more bot joins, leaves and renames itself all the while.
  public var hasChurn = false

  /// Whether one more bot leaves the room and comes back once in a while, so that it is seen who
  /// still hears the room afterwards.
  public var hasGuest = false

  /// How long one more reader is away, who loses its connection halfway through and comes back for
  /// what it has missed; nil: there is none.
  public var recovery: Duration?

  /// Whether a bot whose node dies goes on at the next one.
  public var hasFailover = false

  /// Whether the sending goes on until a reader that stopped to read is really full.
  public var fillsStalled = false

  /// Whether a run with somebody who misbehaves is compared with one without.
  public var hasNullArm = false

  /// The thresholds of the verdict.
  public var gates = Gates()

  /// The server's process on this machine: its processor time and memory are measured.
  public var processID: pid_t?

  /// Whether to ask the server for no capabilities at all.
  public var isPlain = false

  public var password: String?
  public var seed: UInt64 = 1

  /// The least time for which nothing must arrive before the missing messages count as lost.
  public var patience = Duration.seconds(3)

  /// Whether to measure beside it what bias this machine makes by itself.
  public var isCalibrated = false

  /// What the run is called where several are compared; the addresses where nil.
  public var label: String?

  /// Where to write every delivery (CSV), and the response times (HdrHistogram); nil: nowhere.
  public var eventsPath: String?
  public var histogramPath: String?

  /// - Parameter targets: at least one.
  public init(targets: [Endpoint]) {
    precondition(!targets.isEmpty, "A swarm was given nowhere to go.")
    self.targets = targets
  }

  public init(endpoint: Endpoint) { self.init(targets: [endpoint]) }

  /// The first node: where people are sent who want to come and see.
  public var endpoint: Endpoint { targets[0] }

  /// Where bots of this node connect. Counts on from the first after the last.
  func target(_ node: Int) -> Endpoint { targets[node % targets.count] }

  /// Whether several nodes share the rooms.
  var hasNodes: Bool { targets.count > 1 }

  /// The name of the first room, for people who want to come and see.
  public var firstRoom: String { roomName(0) }

  /// The name of the room with this index.
  func roomName(_ index: Int) -> String { rooms == 1 ? "#swarm" : "#swarm-\(index + 1)" }

  /// The room in which the bot with this index is.
  func room(ofBot index: Int) -> Int { index % rooms }
}
