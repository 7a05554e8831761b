/// All that is known of a run when it is over, before anything is concluded from it.
struct Evidence: Sendable {
  let plan: Plan
  let ids: MessageIDs
  let testimonies: [Testimony]

  /// When the schedule began.
  let beginning: Nanoseconds

  /// The time of which speed and latency are told: after the warm-up, until the sending ended.
  let measured: Range<Nanoseconds>

  /// When there was any trouble: a stalled reader troubles nobody before its connection is full.
  let troubleAt: Nanoseconds

  /// - Parameter troubleAt: nil where the trouble began when the troublemakers did.
  init(
    plan: Plan, ids: MessageIDs, testimonies: [Testimony], beginning: Nanoseconds,
    ending: Nanoseconds, troubleAt: Nanoseconds? = nil
  ) {
    self.plan = plan
    self.ids = ids
    self.testimonies = testimonies
    self.beginning = beginning
    self.troubleAt = troubleAt ?? beginning + plan.halfway
    let start = beginning + Nanoseconds(plan.warmUp)
    let last = testimonies.compactMap(\.sent.written.last).max() ?? start
    measured = start..<max(min(ending, last), start + 1)
  }

  /// When the troublemakers began.
  var halfway: Nanoseconds { beginning + plan.halfway }

  /// Whether somebody misbehaved on purpose.
  var hasTroublemakers: Bool { plan.stalled > 0 || plan.flooderFactor != nil }
}
