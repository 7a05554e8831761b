import CLinux

/// Looks whether a thread holds something for too long that others wait for, and says where every
/// thread is.
///
/// A look compares counters that each thread keeps for itself (`Holding`). What was held with the
/// same count in all looks of the limit was not given back in between; a busy thread is never taken
/// for a stuck one, and a process that was stopped for a while is not accused of that: looks count,
/// not clocks.
public final class Watchdog: Sendable {
  private let period: Duration
  private let report: @Sendable (Finding) -> Void
  private let isStopping = Monitor(false)

  /// This many looks make the limit: the report comes between one limit and a quarter more.
  private static let looks = 4

  /// - Parameters:
  ///   - limit: how long a thing may be held.
  ///   - report: told of each thing once, on the watchdog's thread, while it is still held.
  public init(limit: Duration, report: @escaping @Sendable (Finding) -> Void) {
    period = limit / Self.looks
    self.report = report
    clinux_prepare_backtraces()
  }

  /// The watchdog's thread. Returns when it is told to stop.
  public func run() {
    var watch = Watch()
    while isStopping.wait(upTo: period, for: { $0 ? true : nil }) == nil {
      let accused = watch.look(patience: Self.looks)
      if !accused.isEmpty { report(Finding(accused: accused, threads: Backtrace.ofAllThreads())) }
    }
  }

  /// Any thread.
  public func stop() {
    isStopping.withLock { $0 = true }
    isStopping.wakeAll()
  }

  /// What was held in the last look, and for how many looks with the same count.
  private struct Watch {
    private struct Key: Hashable {
      let thread: UInt64
      let holding: Holding
    }

    private struct Sight {
      let turn: UInt32
      var looks = 0
    }

    private var seen: [Key: Sight] = [:]

    /// - Returns: what has just become too long.
    mutating func look(patience: Int) -> [Finding.Accused] {
      var now: [Key: Sight] = [:]
      var accused: [Finding.Accused] = []
      RunningThreads.visit { thread in
        for holding in Holding.allCases {
          let turn = thread.turn(holding)
          guard turn % 2 == 1 else { continue }
          let key = Key(thread: thread.serial, holding: holding)
          var sight = Sight(turn: turn)
          if let before = seen[key], before.turn == turn { sight.looks = before.looks + 1 }
          now[key] = sight
          guard sight.looks == patience else { continue }
          accused.append(
            Finding.Accused(
              thread: thread.name, threadID: thread.id, holding: holding.description))
        }
      }
      seen = now
      return accused
    }
  }

  /// What is held for too long, and what every thread is doing.
  public struct Finding: Sendable, CustomStringConvertible {
    /// One thing that is held, and by whom.
    public struct Accused: Sendable {
      public let thread: String

      /// The system's number of the thread.
      public let threadID: Int32
      public let holding: String
    }

    public let accused: [Accused]
    public let threads: [Backtrace]

    /// Several lines, for people.
    public var description: String {
      accused.map { "\($0.thread) (\($0.threadID)) holds \($0.holding)\n" }.joined()
        + threads.map { "\($0)\n" }.joined()
    }
  }
}
