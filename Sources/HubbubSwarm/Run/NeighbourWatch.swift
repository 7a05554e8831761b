/// The healthy bots' p99 before and since somebody misbehaves, as the live view tells it. The
/// coordinator's alone.
struct NeighbourWatch {
  /// When the troublemakers begin; nil in a run without any.
  private let halfway: Nanoseconds?
  private var before: [Int] = []
  private var since: [Int] = []

  /// - Parameter beginning: of the schedule.
  init(_ plan: Plan, beginning: Nanoseconds) {
    let hasTroublemakers = plan.stalled > 0 || plan.flooderFactor != nil
    halfway = hasTroublemakers ? beginning + plan.halfway : nil
  }

  /// Notes how the bots fare now.
  mutating func note(_ bots: [BotProgress], at now: Nanoseconds) {
    guard let halfway, let median = Self.median(bots.filter(\.isHealthy).map(\.p99)), median > 0
    else { return }
    if now < halfway { before.append(median) } else { since.append(median) }
  }

  /// The medians of what was noted; nil while nothing can be compared.
  var figures: (before: Int, now: Int)? {
    guard let before = Self.median(before), let now = Self.median(since) else { return nil }
    return (before, now)
  }

  private static func median(_ values: [Int]) -> Int? {
    values.isEmpty ? nil : values.sorted()[values.count / 2]
  }
}
