/// What bias and spread this machine makes by itself: the same load on a broadcaster that has none.
enum Calibration {
  /// The longest that a calibration sends.
  static let longest = Duration.seconds(3)

  /// Runs the load of `plan` against a null broadcaster, and puts what it finds beside the run's
  /// figures.
  ///
  /// - Throws: what `Swarm.run` throws.
  static func add(to outcome: inout Outcome, plan: Plan, stop: StopRequest) throws {
    let random = SeededRandom(seed: plan.seed).derived(1 << 20)
    let null = try NullBroadcaster(offersEcho: outcome.conditions.hasEcho, random: random)
    defer { null.stop() }
    let found = try Swarm.run(quiet(plan, at: null), stop: stop)
    for index in outcome.positions.indices where found.positions.indices.contains(index) {
      outcome.positions[index].calibration = found.positions[index].bias
      outcome.positions[index].calibrationSpread = found.positions[index].spread
    }
  }

  /// The same load for a shorter time, without troublemakers and idle clients.
  private static func quiet(_ plan: Plan, at null: NullBroadcaster) -> Plan {
    var quiet = plan
    quiet.endpoint = null.endpoint
    quiet.tls = nil
    quiet.isCalibrated = false
    quiet.processID = nil
    quiet.password = nil
    quiet.idle = 0
    quiet.stalled = 0
    quiet.flooderFactor = nil
    quiet.hasChurn = false
    quiet.eventsPath = nil
    quiet.histogramPath = nil
    quiet.warmUp = min(plan.warmUp, .milliseconds(500))
    if case .duration(let duration) = plan.length {
      quiet.length = .duration(min(duration, longest))
    }
    return quiet
  }
}
