import Glibc
import HubbubSockets
import HubbubThreads

/// Leads a run from the first connect to the last testimony.
struct Conductor {
  /// How often it looks at how things go.
  static let beat = Duration.milliseconds(50)

  /// How often it tells how things go.
  static let showing = Duration.milliseconds(250)

  /// How long the idle clients are left alone before their memory is looked at: what it takes to
  /// let them in is not what they cost.
  static let settling = Duration.seconds(2)

  /// How long all bots together may take to get in.
  static let enrolmentLimit = Duration.seconds(120)

  let stage: Stage
  let stop: StopRequest
  private let probe: ServerProbe?
  private var memoryBefore = 0
  private var memoryPeak = 0
  private var expectation: Expectation

  /// For pauses that nothing else ends.
  private let pause = Monitor(false)

  init(stage: Stage, stop: StopRequest) {
    self.stage = stage
    self.stop = stop
    probe = stage.plan.processID.map { ServerProbe(processID: $0) }
    expectation = Expectation(stage)
  }

  /// Lets the idle clients in, before anything else.
  ///
  /// - Throws: `Swarm.Refused` or `SystemError`.
  mutating func gatherCrowd(into outcome: inout Outcome) throws -> IdleCrowd? {
    memoryBefore = probe?.memory() ?? 0
    guard stage.plan.idle > 0 else { return nil }
    let crowd = try IdleCrowd(stage.plan)
    let seconds = try crowd.awaitEnrolment()
    let memory = probe.map { probe in
      _ = pause.wait(upTo: Self.settling) { _ in nil as Bool? }
      return Double(probe.memory() - memoryBefore) / Double(stage.plan.idle)
    }
    outcome.idle = IdleFigures(
      clients: stage.plan.idle, enrolmentSeconds: seconds, memoryPerClient: memory, lost: 0)
    return crowd
  }

  /// Lets the bots loose, and returns when all have handed over what they know.
  ///
  /// - Throws: `Swarm.Refused` or `SystemError`.
  mutating func conduct(
    into outcome: inout Outcome, progress: (Progress) -> Void
  ) throws -> Evidence {
    let threads = try startThreads()
    let outcomeOfLeading = Result { try lead(into: &outcome, progress: progress) }
    stage.dismiss()
    for thread in threads { thread.join() }
    let led = try outcomeOfLeading.get()
    let testimonies = stage.testimonies().compactMap(\.self)
    if let returned = led.returned {
      let witness = testimonies.first {
        $0.assignment.room == 0 && $0.assignment.role == .observer(isFirst: true)
      }
      outcome.recovery = RecoveryFigures(returned, reference: witness?.arrivals.ids ?? [])
    }
    return Evidence(
      plan: stage.plan, ids: stage.ids, testimonies: testimonies, beginning: led.beginning,
      ending: led.ending, troubleAt: led.troubleAt)
  }

  /// When the schedule began, when the sending ended, when a stalled reader was first full, and
  /// what somebody heard who left and came back.
  private typealias Led = (
    beginning: Nanoseconds, ending: Nanoseconds, troubleAt: Nanoseconds?, returned: Returner.Heard?
  )

  /// From the opening of the gate until the last message has arrived.
  private mutating func lead(
    into outcome: inout Outcome, progress: (Progress) -> Void
  ) throws -> Led {
    try enrol(into: &outcome)
    let (stage, expectation) = (stage, expectation)
    let filler = makeFiller(&outcome)
    let beginning = stage.clock.now + 50_000_000
    let returner = try stage.plan.recovery.map {
      try Returner(stage, away: $0, beginning: beginning)
    }
    defer { _ = returner?.finish() }
    let warm = beginning + Nanoseconds(stage.plan.warmUp)
    let last = lastTime(warm)
    var stalled = StalledWatch(stage, filler: filler, beginning: beginning)
    defer { stalled.close() }
    // Where readers stop, the sending goes on until one is full, and not to a fixed moment.
    stage.start(at: beginning, sendingUntil: stalled.isAwaited ? .max : last)
    var neighbours = NeighbourWatch(stage.plan, beginning: beginning)
    func show(_ phase: Progress.Phase) {
      var shown = stage.progress(phase, since: beginning)
      if phase == .measuring { neighbours.note(shown.bots, at: stage.clock.now) }
      if stage.received > 0 {
        shown.verdicts = RunningVerdict.all(shown.bots, neighbour: neighbours.figures)
        // What is in flight when a node dies is missed by all, and owed to nobody.
        if stage.plan.hasFailover { shown.verdicts.removeAll { $0.measure == "M1" } }
      }
      progress(shown)
    }
    func look() -> Bool {
      stalled.look()
      return stage.isSendingOver
    }
    _ = follow(until: warm, show: { show(.warmingUp) }, isReached: { false })
    let mark = Mark(stage, probe)
    var isSaid = false
    if stalled.isAwaited, last < .max {
      _ = follow(until: last, show: { show(.measuring) }, isReached: look)
      let limit = last + StalledWatch.longest
      _ = follow(
        until: limit, show: { show(.measuring) }, isReached: { look() || !stalled.isAwaited })
      // As long with the trouble as without it, from the moment at which there is any.
      let half = (stage.plan.expectedLength ?? 0) / 2
      _ = follow(
        until: max(last, (stalled.testedAt ?? 0) + half), show: { show(.measuring) },
        isReached: look)
      isSaid = stop.requests == 0
    } else {
      isSaid = follow(show: { show(.measuring) }, isReached: look)
    }
    outcome.stalledFullAfter = stalled.fullAfter
    outcome.endedEarly = !isSaid && stop.requests > 0
    outcome.stoodStill = !isSaid && stop.requests == 0
    if !stage.isSendingOver { stage.endSending() }
    let requests = stop.requests
    let isComplete = follow(
      afterRequests: requests, show: { show(.draining) }, isReached: { expectation.isMet(stage) })
    outcome.wasCutShort = !isComplete && stop.requests > requests
    addCost(since: mark, to: &outcome)
    let ending = min(stage.ending, stage.clock.now)
    return (beginning, ending, stalled.testedAt, returner?.finish())
  }

  /// Who helps to fill stalled readers. Where the server does not let it in, the talk of the room
  /// has to do, and the outcome says why.
  private func makeFiller(_ outcome: inout Outcome) -> StalledFiller? {
    guard stage.plan.fillsStalled, stage.plan.stalled > 0 else { return nil }
    do {
      return try StalledFiller(stage.plan)
    } catch {
      outcome.fillerRefusal = "\(error)"
      return nil
    }
  }

  private func lastTime(_ warm: Nanoseconds) -> Nanoseconds {
    if case .duration(let duration) = stage.plan.length { return warm + Nanoseconds(duration) }
    return .max
  }

  private func startThreads() throws -> [BotThread] {
    var threads: [BotThread] = []
    do {
      for index in stage.assignments.indices {
        threads.append(try BotThread(stage: stage, index: index))
      }
    } catch {
      stage.dismiss()
      stage.openGate()
      for thread in threads { thread.join() }
      throw error
    }
    return threads
  }

  private func enrol(into outcome: inout Outcome) throws {
    let start = stage.clock.now
    stage.openGate()
    guard let failures = stage.awaitEnrolment(upTo: Self.enrolmentLimit) else {
      throw Swarm.Refused(
        description: "Not all bots were in their rooms after \(Self.enrolmentLimit).")
    }
    outcome.totals.enrolmentSeconds = (stage.clock.now - start).seconds
    if let first = failures.first {
      throw Swarm.Refused(
        description: Hints.refused(
          failures.count, of: stage.assignments.count, reason: first.reason))
    }
  }

  /// Waits until `isReached`, until the time has come, until nothing has moved for the plan's
  /// patience, or until somebody asks to stop.
  ///
  /// - Returns: whether `isReached`.
  private mutating func follow(
    until time: Nanoseconds = .max, afterRequests requests: Int = 0, show: () -> Void,
    isReached: () -> Bool
  ) -> Bool {
    var seen = -1
    var movedAt = stage.clock.now
    var shownAt: Nanoseconds = 0
    while !isReached() {
      let now = stage.clock.now
      if now >= time || stop.requests > requests { return false }
      let moved = stage.received + stage.sent
      if moved != seen || now < stage.beginning ?? 0 { (seen, movedAt) = (moved, now) }
      if now - movedAt > patience { return false }
      if now >= shownAt + Nanoseconds(Self.showing) {
        show()
        shownAt = now
      }
      memoryPeak = max(memoryPeak, probe?.memory() ?? 0)
      let rest = min(Nanoseconds(Self.beat), time - now)
      _ = pause.wait(upTo: .nanoseconds(rest)) { _ in nil as Bool? }
    }
    return true
  }

  /// A slow schedule is no standstill.
  private var patience: Nanoseconds {
    var longest = Nanoseconds(stage.plan.patience)
    if case .rate(let rate) = stage.plan.load {
      longest += Nanoseconds(20e9 * Double(stage.plan.bots) / rate)
    }
    return longest
  }

  private func addCost(since mark: Mark, to outcome: inout Outcome) {
    let now = Mark(stage, probe)
    let machine = (now.time - mark.time).seconds * Double(outcome.conditions.cores)
    let server = (now.server - mark.server).seconds
    let isInside = stage.plan.processID == getpid()
    let own = (now.process - mark.process).seconds - (isInside ? server : 0)
    outcome.swarmCost = SwarmCostFigures(
      processorSeconds: own, machineShare: own / machine,
      serverShare: probe.map { _ in server / machine })
    guard let probe else { return }
    let deliveries = now.received - mark.received
    let memory = probe.memory()
    outcome.cost = CostFigures(
      processorPerDelivery: deliveries > 0 ? server * 1e6 / Double(deliveries) : 0,
      processorSeconds: server, deliveries: deliveries, memoryBefore: memoryBefore,
      memoryAfter: memory, memoryPeak: max(memoryPeak, memory))
  }
}
