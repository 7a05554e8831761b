/// What the samples of a room's broadcasts have shown.
public struct FanOutRecord: Sendable {
  /// What is known of one member.
  public struct Place: Sendable {
    /// Samples in which its connection took the entry before the next sample began.
    public fileprivate(set) var samples = 0

    fileprivate var positions = 0.0

    public init() {}

    /// Where it stood on average among all who got the entry: 0 always first, 1 always last.
    public var meanPosition: Double { samples == 0 ? 0.5 : positions / Double(samples) }
  }

  /// Sampled entries so far.
  public private(set) var samples = 0

  public private(set) var places: [ReaderID: Place] = [:]

  /// The last spreads: the time from the first member's getting an entry to the last one's.
  private var spreads: [Duration] = []
  private var nextSpread = 0

  private static let spreadsKept = 512

  /// The time from the first member's getting an entry to the last one's, below which this share of
  /// the last 512 samples lie. nil before there was one.
  public func spread(atShare share: Double) -> Duration? {
    guard !spreads.isEmpty else { return nil }
    let sorted = spreads.sorted()
    return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
  }

  /// Counts a member from now on. What is noted of others is passed over, so that nobody stays who
  /// left.
  mutating func expect(_ member: ReaderID) { places[member] = Place() }

  /// Counts a sample that begins.
  mutating func beginSample() { samples += 1 }

  /// Adds a finished sample: who got the entry, and how long after it was appended.
  mutating func add(_ passes: [(member: ReaderID, delay: Duration)]) {
    guard passes.count > 1 else { return }
    let sorted = passes.sorted { $0.delay < $1.delay }
    for (rank, pass) in sorted.enumerated() {
      places[pass.member]?.samples += 1
      places[pass.member]?.positions += Double(rank) / Double(sorted.count - 1)
    }
    let spread = sorted.last!.delay - sorted[0].delay
    if spreads.count < Self.spreadsKept {
      spreads.append(spread)
    } else {
      spreads[nextSpread] = spread
      nextSpread = (nextSpread + 1) % Self.spreadsKept
    }
  }

  mutating func forget(_ member: ReaderID) { places[member] = nil }
}
