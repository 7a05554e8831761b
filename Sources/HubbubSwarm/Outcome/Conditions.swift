import Glibc

/// Under which conditions a run was made, so that it can be judged and repeated.
public struct Conditions: Sendable, Codable, Equatable {
  public var server: String

  /// The nodes, and how many bots were sent to each; empty where there is one server.
  public var nodes: [NodeConditions]

  /// Who came by WebSocket: `all` or `half`; nil: nobody.
  public var web: String?

  /// What the run is called where several are compared.
  public var label: String
  public var bots: Int
  public var rooms: Int
  public var observersPerRoom: Int
  public var idle: Int
  public var stalled: Int
  public var flooderFactor: Double?
  public var hasChurn: Bool

  /// Whether a guest left and came back, so that membership could be judged.
  public var hasGuest: Bool

  /// Whether a bot whose node died went on at the next one.
  public var hasFailover: Bool

  /// The thresholds, by measure.
  public var gates: Gates

  /// Messages per second in all; nil where saturated.
  public var rate: Double?
  public var window: Int?
  public var pattern: Pattern
  public var textBytes: Int
  public var warmUpSeconds: Double
  public var seed: UInt64
  public var run: String

  /// Whether the senders heard their own messages too.
  public var hasEcho = false
  public var cores: Int
  public var loadAverageAtStart: Double
  public var kernel: String

  /// Seconds since 1970.
  public var startedAt: Int

  init(_ plan: Plan, run: RunID) {
    server = Self.address(plan)
    nodes = NodeConditions.all(in: plan)
    web = plan.web?.share.rawValue
    label = plan.label ?? server
    bots = plan.bots
    rooms = plan.rooms
    observersPerRoom = plan.observers
    idle = plan.idle
    stalled = plan.stalled
    flooderFactor = plan.flooderFactor
    hasChurn = plan.hasChurn
    hasGuest = plan.hasGuest
    hasFailover = plan.hasFailover
    gates = plan.gates
    if case .rate(let rate) = plan.load { self.rate = rate }
    if case .saturate(let window) = plan.load { self.window = window }
    pattern = plan.pattern
    textBytes = plan.textBytes
    warmUpSeconds = Nanoseconds(plan.warmUp).seconds
    seed = plan.seed
    self.run = run.description
    cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    var loads = [0.0]
    loadAverageAtStart = getloadavg(&loads, 1) == 1 ? loads[0] : 0
    kernel = Self.kernelName
    startedAt = time(nil)
  }

  private static func address(_ plan: Plan) -> String {
    let tls = plan.tls == nil ? "" : " over TLS"
    return switch plan.web?.share {
    case nil: plan.targets.map { "\($0)" }.joined(separator: ", ") + tls
    case .all: "\(plan.web!.endpoint)\(plan.web!.path)\(tls), by WebSocket"
    case .half: "\(plan.endpoint)\(tls), half by WebSocket at \(plan.web!.endpoint)"
    }
  }

  private static var kernelName: String {
    var names = utsname()
    uname(&names)
    return withUnsafeBytes(of: &names.release) { raw in
      String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
