import HubbubThreads

/// Turns the evidence of a run into its outcome.
struct Judge {
  let evidence: Evidence
  private let table: MessageTable
  private let isHealthySender: [Bool]
  private var tally: LatencyTally
  private var hearings: [Hearing] = []
  private var references: [Int: Reference] = [:]
  private var waits: WaitJudge
  private var failover: FailoverJudge
  private var random: SplitMix64

  init(_ evidence: Evidence) {
    self.evidence = evidence
    table = MessageTable(evidence.testimonies, ids: evidence.ids)
    isHealthySender = evidence.testimonies.map(\.assignment)
      .filter { $0.sender != nil }.sorted { $0.sender! < $1.sender! }.map(\.isHealthy)
    random = SplitMix64(seed: evidence.plan.seed)
    tally = LatencyTally(evidence, senders: table.rooms.count)
    waits = WaitJudge(evidence: evidence, table: table)
    failover = FailoverJudge(evidence: evidence, table: table)
  }

  /// The response times of the measured messages, once they were judged.
  var response: Latency { tally.response }

  /// Adds every figure that comes from the evidence to `outcome`.
  mutating func judge(into outcome: inout Outcome) {
    for room in 0..<evidence.plan.rooms { judgeRoom(room, into: &outcome) }
    addTotals(to: &outcome)
    addRecipients(to: &outcome)
    SenderReport(
      evidence: evidence, table: table, references: references, hearings: hearings,
      latencies: tally.bySender, waits: waits.bySender
    )
    .add(to: &outcome)
    waits.add(to: &outcome)
    addLatency(to: &outcome)
    addIsolation(to: &outcome)
    addEndings(to: &outcome)
    if evidence.plan.hasFailover { outcome.failover = failover.figures }
  }

  private mutating func judgeRoom(_ room: Int, into outcome: inout Outcome) {
    let present = evidence.testimonies.filter { $0.assignment.room == room }
    guard let chosen = Reference.choose(present, table: table) else { return }
    let reference = Reference(chosen, table: table)
    references[room] = reference
    var sample = ArrivalSample(
      present, reference: reference, table: table, measured: evidence.measured, using: &random)
    let judge = HearingJudge(
      evidence: evidence, table: table, reference: reference, isHealthySender: isHealthySender)
    for testimony in present {
      let hearing = judge.hear(testimony, tally: &tally, sample: &sample)
      // Those who left early, or stopped to listen, owe nobody a complete story; those who went on
      // at another node are told of for themselves.
      if testimony.assignment.isOwedEverything {
        if testimony.isUninterrupted { hearings.append(hearing) }
        if !testimony.moves.isEmpty { failover.add(testimony, hearing) }
      }
      outcome.order.disagreement = outcome.order.disagreement + hearing.disagreement
      outcome.order.senderOrderBreaks += hearing.decreases
    }
    waits.judge(room: room, present)
    guard let times = sample.table else { return }
    tally.nodes.add(times, nodes: sample.nodes)
    addPositions(times, sample, room: room, to: &outcome)
  }

  private func addPositions(
    _ table: ArrivalTable, _ sample: ArrivalSample, room: Int, to outcome: inout Outcome
  ) {
    guard evidence.plan.hasNodes else {
      addPosition(table, sample.ranked, random.derived(room), room: room, to: &outcome)
      return
    }
    if let bias = PositionBias(table), let spread = FanOutSpread(table) {
      outcome.positions.append(
        PositionFigures(
          room: evidence.plan.roomName(room), recipients: sample.ranked, bias: bias,
          spread: spread))
    }
    for node in evidence.plan.targets.indices {
      let columns = sample.nodes.indices.filter { sample.nodes[$0] == node }
      guard columns.count > 1 else { continue }
      let lot = random.derived(room * evidence.plan.targets.count + node)
      let senders = self.table.nodes.indices.filter { self.table.nodes[$0] == node }
      addPosition(
        table.of(columns), columns.map { sample.ranked[$0] }, lot, room: room, node: node,
        of: table, judged: Set(senders), to: &outcome)
    }
  }

  /// Adds how those in the columns of `table` were served.
  ///
  /// - Parameters:
  ///   - all: the same messages as everybody in the room heard them; nil: as in `table`.
  ///   - judged: whose messages are compared; nil: everybody's.
  private func addPosition(
    _ table: ArrivalTable, _ recipients: [String], _ lot: SplitMix64, room: Int, node: Int? = nil,
    of all: ArrivalTable? = nil, judged: Set<Int>? = nil, to outcome: inout Outcome
  ) {
    guard let bias = PositionBias(table), let spread = FanOutSpread(table) else { return }
    var judge = FairnessJudge(
      table: table, recipients: recipients, senders: senderNames, gates: evidence.plan.gates,
      random: lot, room: all, judged: judged)
    outcome.positions.append(
      PositionFigures(
        room: evidence.plan.roomName(room), node: node.map { "\(evidence.plan.target($0))" },
        recipients: recipients, bias: bias, spread: spread, fairness: judge.judge(bias)))
  }

  private var senderNames: [String] {
    evidence.testimonies.map(\.assignment).filter { $0.sender != nil }
      .sorted { $0.sender! < $1.sender! }.map(\.nickname)
  }

  private func addTotals(to outcome: inout Outcome) {
    let measured = evidence.measured
    let seconds = (measured.upperBound - measured.lowerBound).seconds
    outcome.totals.sent = table.count
    outcome.totals.altered = evidence.testimonies.reduce(0) { $0 + $1.altered }
    outcome.totals.completeness = hearings.reduce(Completeness()) { $0 + $1.completeness }
    outcome.totals.measuredSeconds = seconds
    outcome.totals.deliveriesPerSecond =
      Double(hearings.reduce(0) { $0 + $1.deliveries }) / seconds
    let counted = table.written.count { measured.contains($0) }
    outcome.totals.messagesPerSecond = Double(counted) / seconds
    var ids = IDCheck(messages: table.count)
    for testimony in evidence.testimonies { ids.note(testimony, table: table) }
    outcome.order.serverIDs = ids.count
    outcome.order.serverIDBreaks = ids.breaks
    outcome.order.serverIDDeceived = ids.deceived.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(3).map(\.key)
    outcome.identity =
      IdentityJudge(evidence: evidence, repeated: ids.repeated, table: table).figures
    var timesBack: [Int: Int] = [:]
    outcome.conditions.hasEcho = evidence.testimonies.contains { $0.hasEcho }
    for testimony in evidence.testimonies {
      outcome.order.serverTimes += testimony.serverTimes.count
      outcome.order.serverTimeBreaks += testimony.serverTimes.decreases
      outcome.order.serverTimeFurthest = max(
        outcome.order.serverTimeFurthest, testimony.serverTimes.furthestMilliseconds)
      timesBack.merge(testimony.serverTimes.decreasesBySender, uniquingKeysWith: +)
      guard let history = testimony.history else { continue }
      outcome.order.history =
        (outcome.order.history ?? HistoryFigures())
        + HistoryFigures(live: testimony.arrivals.ids, history: history)
    }
    outcome.order.serverTimeCulprit = timesBack.max { ($0.value, $1.key) < ($1.value, $0.key) }
      .map { senderNames[$0.key] }
  }

  private func addRecipients(to outcome: inout Outcome) {
    outcome.recipients = hearings.map { hearing in
      RecipientFigures(
        nickname: hearing.nickname, completeness: hearing.completeness,
        deliveriesPerSecond: Double(hearing.deliveries) / outcome.totals.measuredSeconds,
        medianLatency: hearing.medianLatency, disagreement: hearing.disagreement,
        senderOrderBreaks: hearing.decreases,
        longestWaitMilliseconds: Double(hearing.longestWait?.length ?? 0) / 1e6,
        altered: hearing.altered)
    }
    // A sender that does not hear itself hears less by what it says; that is no unfairness.
    let shares = hearings.compactMap { hearing -> Double? in
      let expected = Double(hearing.completeness.expected)
      return expected > 0 ? Double(hearing.deliveries) / expected : nil
    }
    outcome.recipientEvenness = Evenness(shares)
    let medians = hearings.map(\.medianLatency).filter { $0 > 0 }.sorted()
    if let least = medians.first, let greatest = medians.last {
      outcome.medianLatencySpread = (greatest - least) / medians.quantile(0.5)
    }
  }

  private func addLatency(to outcome: inout Outcome) {
    outcome.response = tally.response.percentiles
    outcome.service = tally.service.percentiles
    outcome.responseCurve = tally.response.curve
    outcome.serviceCurve = tally.service.curve
    outcome.timeline = tally.timeline.points
    outcome.nodes = tally.nodes.figures(evidence.plan.targets.map { "\($0)" })
    guard case .rate = evidence.plan.load, let response = outcome.response else { return }
    var lag = Latency()
    for testimony in evidence.testimonies where testimony.assignment.isHealthy {
      for index in testimony.sent.due.indices
      where !testimony.sent.heldBack[index]
        && evidence.measured.contains(testimony.sent.due[index])
      {
        lag.record(testimony.sent.written[index] - testimony.sent.due[index])
      }
    }
    outcome.sendLag = SendLag(p99: lag.percentiles?.p99 ?? 0, latencyP99: response.p99)
  }

  private func addIsolation(to outcome: inout Outcome) {
    guard evidence.hasTroublemakers, let before = tally.before.percentiles,
      let with = tally.with.percentiles
    else { return }
    let measured = evidence.measured
    let first = Double(max(evidence.halfway - measured.lowerBound, 1)) / 1e9
    let second = Double(max(measured.upperBound - evidence.troubleAt, 1)) / 1e9
    let boundary = Int((evidence.halfway - measured.lowerBound) / LatencyTally.slot)
    let trouble = Int((evidence.troubleAt - measured.lowerBound) / LatencyTally.slot)
    let slots = tally.slots.map { $0.count > 0 ? $0.quantile(0.99) : nil }
    var lot = random.derived(1 << 16)
    // The slot in which it began belongs to neither half, and neither do those in which a stalled
    // reader was being filled.
    let comparison = SlotRatio(
      before: slots.prefix(boundary).compactMap(\.self),
      with: slots.dropFirst(trouble + 1).compactMap(\.self), using: &lot)
    outcome.isolation = IsolationFigures(
      ratios: Isolation(
        p99Before: before.p99, p99With: with.p99,
        throughputBefore: Double(before.count) / first,
        throughputWith: Double(with.count) / second),
      slotRatio: comparison?.ratio, chance: comparison?.chance,
      stalledEndedAfter: stalledEnds)
  }

  /// For each stalled reader how many seconds after it stopped to read it was ended.
  private var stalledEnds: [Double?] {
    evidence.testimonies.filter { $0.assignment.role == .stalled }.map { stalled in
      let seen = evidence.testimonies.compactMap {
        $0.departures[stalled.assignment.nickname]
      }
      return (seen + [stalled.ending?.time].compactMap(\.self)).min()
        .map { ($0 - evidence.halfway).seconds }
    }
  }

  private func addEndings(to outcome: inout Outcome) {
    for testimony in evidence.testimonies {
      for (name, refusal) in testimony.refusals {
        outcome.refusals[name, default: RefusalFigures(count: 0, words: refusal.words)].count +=
          refusal.count
      }
      guard let ending = testimony.ending else { continue }
      outcome.endings.append(
        EndingFigures(
          nickname: testimony.assignment.nickname, reason: ending.reason,
          second: (ending.time - evidence.beginning).seconds))
    }
  }
}
