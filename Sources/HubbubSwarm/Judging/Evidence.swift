/// All that is known of a run when it is over, before anything is concluded from it.
struct Evidence: Sendable {
  let plan: Plan
  let ids: MessageIDs
  let testimonies: [Testimony]

  /// When the schedule began.
  let beginning: Nanoseconds

  /// When the last message was allowed to be sent; for runs with a duration.
  let ending: Nanoseconds

  /// The time of which speed and latency are told: after the warm-up, until the sending ended.
  var measured: Range<Nanoseconds> {
    let start = beginning + Nanoseconds(plan.warmUp)
    let last = testimonies.compactMap(\.sent.written.last).max() ?? start
    return start..<max(min(ending, last), start + 1)
  }

  /// When the troublemakers began.
  var halfway: Nanoseconds { beginning + plan.halfway }

  /// Whether somebody misbehaved on purpose.
  var hasTroublemakers: Bool { plan.stalled > 0 || plan.flooderFactor != nil }
}
