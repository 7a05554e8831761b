import HubbubThreads

/// What bias and spread this machine makes by itself: the same load on a broadcaster that has none.
enum Calibration {
  /// The longest that one of the calibrations sends, and how many there are: one alone says little.
  static let longest = Duration.seconds(2)
  static let repetitions = 3

  /// Runs the load of `plan` against a null broadcaster, and puts what it finds beside the run's
  /// figures.
  ///
  /// - Throws: what `Swarm.run` throws.
  static func add(to outcome: inout Outcome, plan: Plan, stop: StopRequest) throws {
    for repetition in 0..<repetitions where stop.requests == 0 {
      try add(repetition, to: &outcome, plan: plan, stop: stop)
    }
  }

  private static func add(
    _ repetition: Int, to outcome: inout Outcome, plan: Plan, stop: StopRequest
  ) throws {
    let random = SplitMix64(seed: plan.seed).derived(1 << 20 + repetition)
    let null = try NullBroadcaster(offersEcho: outcome.conditions.hasEcho, random: random)
    defer { null.stop() }
    let found = try Swarm.run(quiet(plan, at: null), stop: stop)
    for index in outcome.positions.indices where found.positions.indices.contains(index) {
      note(found.positions[index], in: &outcome.positions[index])
    }
  }

  /// The first is drawn, all make up the range.
  private static func note(_ found: PositionFigures, in position: inout PositionFigures) {
    if position.calibration == nil {
      position.calibration = found.bias
      position.calibrationSpread = found.spread
    }
    let value = found.bias.concordance
    let before = position.calibrationRange ?? .init(least: value, greatest: value)
    let range = PositionFigures.Range(
      least: min(before.least, value), greatest: max(before.greatest, value))
    position.calibrationRange = range
    position.fairness?.concordance?.calibrationMost = range.greatest
  }

  /// The same load for a shorter time, without troublemakers and idle clients.
  private static func quiet(_ plan: Plan, at null: NullBroadcaster) -> Plan {
    var quiet = plan
    // As many nodes, so that the same bots are compared; all of them are one.
    quiet.targets = plan.targets.map { _ in null.endpoint }
    quiet.tls = nil
    quiet.web = nil
    quiet.isCalibrated = false
    quiet.processID = nil
    quiet.password = nil
    quiet.idle = 0
    quiet.stalled = 0
    quiet.flooderFactor = nil
    quiet.hasChurn = false
    quiet.hasGuest = false
    quiet.hasNullArm = false
    quiet.eventsPath = nil
    quiet.histogramPath = nil
    quiet.warmUp = min(plan.warmUp, .milliseconds(500))
    if case .duration(let duration) = plan.length {
      quiet.length = .duration(min(duration, longest))
    }
    return quiet
  }
}
