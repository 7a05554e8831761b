/// The senders' side of the outcome: M2 and M8.
struct SenderReport {
  let evidence: Evidence
  let table: MessageTable
  let references: [Int: Reference]
  let hearings: [Hearing]

  /// Of each sender's messages, over all healthy recipients.
  let latencies: [CoarseLatency]

  /// Each sender's longest wait beyond what everybody waited.
  let waits: [Int: Starvation.Wait]

  func add(to outcome: inout Outcome) {
    let names = evidence.testimonies.map(\.assignment).filter { $0.sender != nil }
      .sorted { $0.sender! < $1.sender! }
    let shares = self.shares
    for (sender, assignment) in names.enumerated() {
      outcome.senders.append(
        figures(sender, assignment.nickname, shares[sender], waits[sender]))
    }
    // Who had nothing to say, since the run was short, was not starved.
    let healthy = names.indices.filter {
      names[$0].isHealthy && !table.messages(of: $0).isEmpty
    }
    outcome.senderEvenness = Evenness(healthy.map { shares[$0] })
    addStarvation(names.map(\.nickname), to: &outcome)
  }

  private func figures(
    _ sender: Int, _ nickname: String, _ share: Double, _ longest: Starvation.Wait?
  ) -> SenderFigures {
    let messages = table.messages(of: sender)
    let span = messages.isEmpty ? 0 : table.written[messages.last!] - table.written[messages.first!]
    let period = Double(span) / Double(max(messages.count - 1, 1))
    let wait = longest ?? Starvation.Wait(length: 0, start: evidence.beginning)
    return SenderFigures(
      nickname: nickname, sent: messages.count, share: share,
      p50: latencies[sender].quantile(0.5),
      p99: latencies[sender].quantile(0.99),
      longestWaitMilliseconds: Double(wait.length) / 1e6,
      longestWaitPeriods: period > 0 ? Double(wait.length) / period : 0,
      longestWaitStart: (wait.start - evidence.beginning).seconds)
  }

  /// What M2 compares.
  private var shares: [Double] {
    if case .saturate = evidence.plan.load { return sharesOfFirstHalf }
    var delivered = Array(repeating: 0, count: table.rooms.count)
    for hearing in hearings {
      for (sender, count) in hearing.bySender.enumerated() { delivered[sender] += count }
    }
    let expected = expectedBySender
    return delivered.indices.map { sender in
      expected[sender] > 0 ? Double(delivered[sender]) / Double(expected[sender]) : 0
    }
  }

  /// How many deliveries each sender's messages should have brought.
  private var expectedBySender: [Int] {
    let staying = evidence.testimonies.filter {
      $0.isUninterrupted && $0.assignment.isOwedEverything
    }
    return table.rooms.indices.map { sender in
      let recipients = staying.count {
        $0.assignment.room == table.rooms[sender]
          && ($0.assignment.sender != sender || $0.hasEcho)
      }
      return recipients * table.owed(of: sender)
    }
  }

  /// At the end everyone has sent everything; who was preferred shows in the first half of the
  /// order.
  private var sharesOfFirstHalf: [Double] {
    var counts = Array(repeating: 0.0, count: table.rooms.count)
    for reference in references.values {
      let measured = reference.order.filter { evidence.measured.contains(table.written[$0]) }
      for message in measured.prefix(measured.count / 2) {
        counts[Int(table.sender[message])] += 1
      }
    }
    return counts
  }

  private func addStarvation(_ names: [String], to outcome: inout Outcome) {
    for (room, reference) in references {
      let local = LocalIndex(table.rooms, room: room)
      let order = reference.order.map { local.indices[Int(table.sender[$0])] }
      if let run = Starvation.longestRun(order),
        run.messages > outcome.starvation.longestRunMessages
      {
        outcome.starvation.longestRunMessages = run.messages
        outcome.starvation.longestRunSender = names[local.senders[run.sender]]
      }
      let count = local.senders.count
      lower(&outcome.starvation.leastJainOver2n, order, count, 2 * count)
      lower(&outcome.starvation.leastJainOver10n, order, count, 10 * count)
    }
  }

  private func lower(_ value: inout Double?, _ order: [Int], _ senders: Int, _ width: Int) {
    guard let least = Starvation.leastJain(order, senders: senders, width: width) else { return }
    value = min(value ?? 1, least)
  }

  /// The senders of one room, numbered from 0.
  private struct LocalIndex {
    var senders: [Int] = []
    var indices: [Int]

    init(_ rooms: [Int], room: Int) {
      indices = Array(repeating: 0, count: rooms.count)
      for (sender, itsRoom) in rooms.enumerated() where itsRoom == room {
        indices[sender] = senders.count
        senders.append(sender)
      }
    }
  }
}
