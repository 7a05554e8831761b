extension Stage {
  /// Messages written so far, by all.
  var sent: Int { gauges.reduce(0) { $0 + $1.sent.load(ordering: .relaxed) } }

  /// Messages heard so far, by all.
  var received: Int { gauges.reduce(0) { $0 + $1.received.load(ordering: .relaxed) } }

  /// Whether every sender has written all it means to.
  var isSendingOver: Bool {
    zip(assignments, gauges).allSatisfy { assignment, gauge in
      assignment.sender == nil || gauge.isDoneSending.load(ordering: .relaxed)
    }
  }

  /// How the run goes, for those who show it.
  func progress(_ phase: Progress.Phase, since beginning: Nanoseconds) -> Progress {
    let expectation = Expectation(self)
    let sent = expectation.sentByRoom(self)
    return Progress(
      phase: phase, elapsed: max(clock.now - beginning, 0).seconds,
      expected: plan.expectedLength.map { ($0 + Nanoseconds(plan.warmUp)).seconds },
      bots: assignments.indices.map { index in
        let due = sent[assignments[index].room] - expectation.own(index, self)
        return progress(assignments[index], gauges[index], due: due)
      })
  }

  private func progress(_ assignment: Assignment, _ gauge: Gauge, due: Int) -> BotProgress {
    var bot = BotProgress(
      nickname: assignment.nickname, sent: gauge.sent.load(ordering: .relaxed),
      received: gauge.received.load(ordering: .relaxed), due: due,
      p50: gauge.p50.load(ordering: .relaxed), p99: gauge.p99.load(ordering: .relaxed),
      longestGap: Double(gauge.longestGap.load(ordering: .relaxed)) / 1e6,
      isEnded: gauge.isEnded.load(ordering: .relaxed))
    bot.isHealthy = assignment.isHealthy
    bot.timesBack = gauge.timesBack.load(ordering: .relaxed)
    if assignment.sender != nil {
      bot.delivered = plan.observers > 0 ? gauge.delivered.load(ordering: .relaxed) : nil
      bot.judged = gauge.judged.load(ordering: .relaxed)
      bot.late = gauge.late.load(ordering: .relaxed)
    }
    // Who leaves and comes back, or stops to listen, misses something of its own accord.
    guard assignment.isOwedEverything else { return bot }
    bot.missing = gauge.missing.load(ordering: .relaxed)
    bot.doubled = gauge.doubled.load(ordering: .relaxed)
    bot.stepsBack = gauge.stepsBack.load(ordering: .relaxed)
    return bot
  }
}
