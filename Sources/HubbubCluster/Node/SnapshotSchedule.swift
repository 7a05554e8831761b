import IRCWire

/// When the state is to be written down. A value, of the thread that applies.
///
/// The node with the lowest number does it for all: after so much of the log, or so long. The first
/// of a network comes early, so that whoever forgets the log in etcd by hand takes nothing along.
struct SnapshotSchedule {
  /// A state as it is handed to the thread that writes it.
  struct Snapshot: Sendable {
    let revision: Int64

    /// The last batch in it: to which the log may be forgotten, once nobody needs what is before.
    let lastBatch: Int64
    let bytes: [UInt8]
  }

  private let maxBytes: Int
  private let period: Duration
  private var isBeginning: Bool
  private var bytes = 0
  private var since: Timestamp?

  /// The revision of the last batch.
  private(set) var lastBatch: Int64 = 0

  private static let earlyPeriod: Duration = .seconds(10)

  /// - Parameter isBeginning: whether there is no state yet but the network's first.
  init(_ settings: ClusterSettings, isBeginning: Bool = false) {
    (maxBytes, period) = (settings.snapshotBytes, settings.snapshotPeriod)
    self.isBeginning = isBeginning
  }

  mutating func isDue(after entries: [LogEntry], isFirst: Bool, now: Timestamp) -> Bool {
    for entry in entries {
      guard case .batch(_, let batch) = entry.content else { continue }
      bytes += batch.count
      lastBatch = entry.revision
    }
    let start = since ?? now
    since = start
    let elapsed = now.milliseconds - start.milliseconds
    let period = isBeginning ? min(period, Self.earlyPeriod) : period
    guard isFirst, lastBatch > 0, bytes >= maxBytes || elapsed >= period.milliseconds else {
      return false
    }
    (bytes, since, isBeginning) = (0, now, false)
    return true
  }
}

extension Duration {
  fileprivate var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}
