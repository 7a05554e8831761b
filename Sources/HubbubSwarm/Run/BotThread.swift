import HubbubThreads

/// The thread of one bot: gets in, lives, hands over.
struct BotThread {
  private let thread: NamedThread

  /// - Throws: `SystemError` when the system has no room for one more thread.
  init(stage: Stage, index: Int) throws {
    let name = stage.assignments[index].nickname
    thread = try NamedThread(name: name) { Self.live(stage, index) }
  }

  func join() { thread.join() }

  private static func live(_ stage: Stage, _ index: Int) {
    stage.awaitOpening()
    guard !stage.isOver else { return }
    let assignment = stage.assignments[index]
    do {
      let enrolled = try Enrolment.perform(assignment, plan: stage.plan)
      var bot = try Bot(enrolled, stage: stage, index: index)
      stage.reportEnrolled()
      bot.run()
    } catch {
      let reason = reason(error, at: assignment.node, stage.plan)
      stage.reportFailure(.init(nickname: assignment.nickname, reason: reason))
    }
  }

  /// Why a bot did not get in, and at which of several nodes.
  private static func reason(_ error: any Error, at node: Int, _ plan: Plan) -> String {
    let (words, target) = ("\(error)", "\(plan.target(node))")
    return plan.hasNodes && !words.contains(target) ? "\(target) said: \(words)" : words
  }
}
