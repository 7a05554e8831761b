/// Goes through what one recipient heard, once.
struct HearingJudge {
  let evidence: Evidence
  let table: MessageTable
  let reference: Reference?

  /// The senders whose messages count where the healthy ones are compared.
  let isHealthySender: [Bool]

  /// Judges one recipient.
  ///
  /// - Parameters:
  ///   - tally: where the latencies go.
  ///   - sample: where the arrival times of the sampled messages go.
  func hear(
    _ testimony: Testimony, tally: inout LatencyTally, sample: inout ArrivalSample
  ) -> Hearing {
    let me = testimony.assignment
    var hearing = Hearing(
      nickname: me.nickname, bySender: Array(repeating: 0, count: table.rooms.count))
    var pass = Pass(table: table, measured: evidence.measured, moves: testimony.moves)
    let column = sample.column(of: testimony)
    testimony.arrivals.visit { id, time in
      guard let index = take(id, me, &pass) else { return }
      pass.places.append(reference?.places[index] ?? 0)
      hearing.bySender[Int(table.sender[index])] += 1
      pass.longest.note(sent: table.written[index], arrived: time)
      if let column { sample.note(index, column, time) }
      record(index, time, me, &pass, &tally)
    }
    finish(&hearing, pass, testimony)
    tally.response.add(pass.response)
    if me.isHealthy, testimony.isUninterrupted { tally.nodes.add(pass.response, at: me.node) }
    return hearing
  }

  /// The state of one pass.
  private struct Pass {
    let measured: Range<Nanoseconds>
    let moves: [Move]
    var isHeard: [Bool]
    var order: SenderOrder
    var duplicates = 0
    var strays = 0
    var distinct = 0
    var places: [UInt32] = []
    var response = Latency()
    var longest = LongestWait()

    init(table: MessageTable, measured: Range<Nanoseconds>, moves: [Move]) {
      self.measured = measured
      self.moves = moves
      isHeard = Array(repeating: false, count: table.count)
      order = SenderOrder(senders: table.rooms.count)
      places.reserveCapacity(table.count)
    }

    /// Whether a message was missed live, and came late because its recipient was away.
    @inline(__always)
    func wasAway(_ due: Nanoseconds, _ arrived: Nanoseconds) -> Bool {
      !moves.isEmpty && moves.contains { due < $0.backAt && arrived >= $0.lostAt }
    }
  }

  /// Counts an arrival.
  ///
  /// - Returns: the message, where this is its first arrival and it belongs here.
  @inline(__always)
  private func take(_ id: UInt32, _ me: Assignment, _ pass: inout Pass) -> Int? {
    let sender = table.ids.sender(of: id)
    guard let index = table.index(of: id), table.rooms[sender] == me.room else {
      pass.strays += 1
      return nil
    }
    pass.order.note(sender: sender, number: table.ids.number(of: id))
    guard !pass.isHeard[index] else {
      pass.duplicates += 1
      return nil
    }
    pass.isHeard[index] = true
    pass.distinct += 1
    return index
  }

  @inline(__always)
  private func record(
    _ index: Int, _ time: Nanoseconds, _ me: Assignment, _ pass: inout Pass,
    _ tally: inout LatencyTally
  ) {
    let due = table.due[index]
    // A stalled reader is late because it wants to be.
    guard me.isHealthy, !pass.wasAway(due, time) else { return }
    let sender = Int(table.sender[index])
    if pass.measured.contains(due) { tally.bySender[sender].record(time - due) }
    // A flooder may wait for itself.
    guard isHealthySender[sender] else { return }
    tally.timeline.note(due: due, arrived: time)
    guard pass.measured.contains(due) else { return }
    pass.response.record(time - due)
    tally.service.record(time - table.written[index])
    if pass.moves.isEmpty, let node = table.nodes[sender] {
      tally.nodes.record(time - due, from: node, to: me.node)
    }
    guard evidence.hasTroublemakers else { return }
    tally.record(time - due, inSlotAt: due - pass.measured.lowerBound)
    if due < evidence.halfway {
      tally.before.record(time - due)
    } else if due >= evidence.troubleAt {
      tally.with.record(time - due)
    }
  }

  private func finish(_ hearing: inout Hearing, _ pass: Pass, _ testimony: Testimony) {
    let me = testimony.assignment
    hearing.completeness.expected = table.rooms.indices.reduce(0) { sum, sender in
      let isMine = sender == me.sender && !testimony.hasEcho
      let isHere = table.rooms[sender] == me.room && !isMine
      return sum + (isHere ? table.owed(of: sender) : 0)
    }
    hearing.completeness.distinct = pass.distinct
    hearing.completeness.duplicates = pass.duplicates
    hearing.completeness.strays = pass.strays + testimony.strays
    hearing.disagreement = Disagreement(places: pass.places.filter { $0 > 0 })
    hearing.altered = testimony.altered
    hearing.decreases = pass.order.decreases
    hearing.deliveries = testimony.arrivals.count(within: pass.measured)
    hearing.medianLatency = pass.response.percentiles?.p50 ?? 0
    hearing.longestWait = pass.longest.wait
  }
}
