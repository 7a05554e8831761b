/// How many messages each recipient should have heard.
struct Expectation {
  private let assignments: [Assignment]
  private let rooms: Int

  init(_ stage: Stage) {
    assignments = stage.assignments
    rooms = stage.plan.rooms
  }

  /// Whether everybody who is still there has heard all that was sent; with echo or without.
  func isMet(_ stage: Stage) -> Bool {
    let sent = sentByRoom(stage)
    return assignments.indices.allSatisfy { index in
      let (assignment, gauge) = (assignments[index], stage.gauges[index])
      if gauge.isEnded.load(ordering: .relaxed) || !assignment.isOwedEverything { return true }
      let due = sent[assignment.room] - own(index, stage)
      return gauge.received.load(ordering: .relaxed) >= due
    }
  }

  func sentByRoom(_ stage: Stage) -> [Int] {
    var sent = Array(repeating: 0, count: rooms)
    for (index, assignment) in assignments.enumerated() {
      sent[assignment.room] += stage.gauges[index].sent.load(ordering: .relaxed)
    }
    return sent
  }

  /// What a bot will not hear because it said it itself.
  func own(_ index: Int, _ stage: Stage) -> Int {
    let gauge = stage.gauges[index]
    return gauge.hasEcho.load(ordering: .relaxed) ? 0 : gauge.sent.load(ordering: .relaxed)
  }
}
