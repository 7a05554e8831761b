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
        let gauge = gauges[index]
        return BotProgress(
          nickname: assignments[index].nickname, sent: gauge.sent.load(ordering: .relaxed),
          received: gauge.received.load(ordering: .relaxed),
          due: sent[assignments[index].room] - expectation.own(index, self),
          p50: gauge.p50.load(ordering: .relaxed), p99: gauge.p99.load(ordering: .relaxed),
          longestGap: Double(gauge.longestGap.load(ordering: .relaxed)) / 1e6,
          isEnded: gauge.isEnded.load(ordering: .relaxed))
      })
  }
}
