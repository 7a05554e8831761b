import HubbubThreads

/// When a bot's next message may go out.
struct Pace {
  private enum Kind {
    case schedule(Schedule, next: Nanoseconds)
    case window(Int)
  }

  private var kind: Kind

  /// How many messages to send once the warm-up is over; nil: until the time is up.
  private let quota: Int?

  private let warmUp: Nanoseconds

  /// The offset of the first message from the beginning.
  private let start: Nanoseconds

  /// The messages that count for the quota.
  private var counted = 0

  /// - Parameters:
  ///   - sender: this bot's place among the senders.
  ///   - factor: a flooder's, 1 for others.
  ///   - start: when it begins, after the beginning of the schedule.
  init(plan: Plan, sender: Int, factor: Double = 1, start: Nanoseconds = 0) {
    warmUp = Nanoseconds(plan.warmUp)
    self.start = start
    switch plan.length {
    case .duration: quota = nil
    case .messages(let messages):
      // The remainder goes to the first bots, one each. A flooder has no quota of its own.
      let share = messages / plan.bots + (sender < messages % plan.bots ? 1 : 0)
      quota = sender < plan.bots ? share : nil
    }
    switch plan.load {
    case .saturate(let window): kind = .window(Int(Double(window) * factor))
    case .rate(let rate):
      var schedule = Schedule(
        plan.pattern, rate: rate / Double(plan.bots) * factor, place: sender, of: plan.bots,
        using: SplitMix64(seed: plan.seed).derived(sender))
      let next = schedule.nextDue()
      kind = .schedule(schedule, next: next)
    }
  }

  /// Whether the quota is used up.
  var isDone: Bool { quota.map { counted >= $0 } ?? false }

  /// The time of the next message after the beginning; nil where a window decides.
  var nextDue: Nanoseconds? {
    if case .schedule(_, let next) = kind { return start + next }
    return nil
  }

  /// How many messages may be under way; nil where a schedule decides.
  var window: Int? {
    if case .window(let window) = kind { return window }
    return nil
  }

  /// When a bot with a window begins, after the beginning.
  var firstTime: Nanoseconds { start }

  /// Notes that a message went out which was due `time` after the beginning.
  mutating func note(due time: Nanoseconds) {
    if time >= warmUp { counted += 1 }
    if case .schedule(var schedule, _) = kind {
      let next = schedule.nextDue()
      kind = .schedule(schedule, next: next)
    }
  }
}
