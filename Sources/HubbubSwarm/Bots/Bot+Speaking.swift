import CLinux
import Glibc
import HubbubThreads

extension Bot {
  /// Writes what is due.
  ///
  /// - Returns: how long to wait at most for the next event; nil: until one comes.
  mutating func speak() throws(SystemError) -> Nanoseconds? {
    let rest =
      switch testimony.assignment.role {
      case .stalled: stallWhenDue()
      case .churner: churn(Self.churnSteps)
      case .guest: churn(Self.guestSteps)
      case .sender, .flooder, .observer: compose()
      }
    if !outgoing.isEmpty { try outgoing.send(on: stream) }
    waiter.awaitRoom(!outgoing.isEmpty)
    return outgoing.isEmpty ? rest : nil
  }

  /// Puts what may be sent now into `outgoing`.
  private mutating func compose() -> Nanoseconds? {
    guard let pace, let beginning = stage.beginning else { return nil }
    let now = stage.clock.now
    if pace.isDone || now >= stage.ending && pace.window != nil || isNumberingFull {
      return finishSpeaking()
    }
    if let window = pace.window { return fillWindow(window, beginning, now) }
    return sayWhatIsDue(beginning, now)
  }

  private var isNumberingFull: Bool { testimony.sent.count >= stage.ids.largestNumber }

  private mutating func finishSpeaking() -> Nanoseconds? {
    gauge.isDoneSending.store(true, ordering: .relaxed)
    pace = nil
    return nil
  }

  private mutating func sayWhatIsDue(_ beginning: Nanoseconds, _ now: Nanoseconds) -> Nanoseconds? {
    let isHeldBack = !outgoing.isEmpty
    while let offset = pace?.nextDue {
      let due = beginning + offset
      if due >= stage.ending || pace!.isDone { return finishSpeaking() }
      if due > now { return due - now }
      guard outgoing.hasRoom, !isNumberingFull else { return nil }
      say(due: due, offset: offset, now: now, isHeldBack: isHeldBack)
    }
    return nil
  }

  /// Sends up to the window once half of it is free again; otherwise asks to be woken then.
  private mutating func fillWindow(
    _ window: Int, _ beginning: Nanoseconds, _ now: Nanoseconds
  ) -> Nanoseconds? {
    let first = beginning + pace!.firstTime
    if now < first { return first - now }
    guard let board = stage.board, let me = testimony.assignment.sender else { return nil }
    let half = window / 2
    if testimony.sent.count - board.lastSeen(me) <= half {
      while testimony.sent.count - board.lastSeen(me) < window, outgoing.hasRoom, !pace!.isDone,
        !isNumberingFull
      {
        say(due: now, offset: now - beginning, now: now, isHeldBack: false)
      }
    }
    // Nothing may ever come that would wake a bot to notice that it has said all.
    if pace!.isDone || isNumberingFull { return finishSpeaking() }
    // Asked in any case: if nobody else speaks, the bell is all that will wake it.
    board.wake(me, at: testimony.sent.count - half)
    return testimony.sent.count - board.lastSeen(me) <= half ? 0 : stage.ending - now
  }

  private mutating func say(
    due: Nanoseconds, offset: Nanoseconds, now: Nanoseconds, isHeldBack: Bool
  ) {
    testimony.sent.append(due: due, written: now, isHeldBack: isHeldBack)
    let number = testimony.sent.count
    outgoing.append(Payload(sender: testimony.assignment.sender!, number: number, due: due))
    pace!.note(due: offset)
    if !isHeldBack { judge(lag: now - due) }
    gauge.sent.store(number, ordering: .relaxed)
  }

  /// Counts whether a message went out late, for the running verdict; not before there is a latency
  /// to compare with.
  private func judge(lag: Nanoseconds) {
    let latency = Double(gauge.p99.load(ordering: .relaxed)) * 1_000
    guard latency > 0, pace?.window == nil else { return }
    gauge.judged.wrappingAdd(1, ordering: .relaxed)
    if Double(lag) > SendLag.tolerance * latency { gauge.late.wrappingAdd(1, ordering: .relaxed) }
  }

  /// Takes the next step of coming and going when it is time.
  private mutating func churn(
    _ steps: [(after: Nanoseconds, line: String)]
  ) -> Nanoseconds? {
    guard let beginning = stage.beginning else { return nil }
    let now = stage.clock.now
    guard now < stage.ending else { return nil }
    let step = steps[stepsTaken % steps.count]
    let due = max(lastStep, beginning) + step.after
    if now < due { return due - now }
    let room = stage.plan.roomName(testimony.assignment.room)
    if step.line == "JOIN" { ear.membership.askToJoin() }
    let target = step.line.hasPrefix("NICK") ? "" : " \(room)"
    outgoing.append(Array("\(step.line)\(target)\r\n".utf8))
    stepsTaken += 1
    lastStep = now
    return steps[stepsTaken % steps.count].after
  }

  /// A churner is never long anywhere.
  private static let churnSteps: [(after: Nanoseconds, line: String)] = [
    (.perSecond / 20, "PART"), (.perSecond / 20, "JOIN"), (.perSecond / 20, "NICK churn-b"),
    (.perSecond / 20, "NICK churn-0"),
  ]

  /// A guest is away for a quarter of its time: long enough to hear what it should not.
  private static let guestSteps: [(after: Nanoseconds, line: String)] = [
    (.perSecond * 3 / 4, "PART"), (.perSecond / 4, "JOIN"),
  ]

  /// Stops to read, for good, once it is time to.
  ///
  /// - Returns: how long that is from now; nil when it has been done.
  private mutating func stallWhenDue() -> Nanoseconds? {
    guard !isDeaf, let beginning = stage.beginning else { return nil }
    let rest = beginning + stage.plan.halfway - stage.clock.now
    guard rest <= 0 else { return rest }
    isDeaf = true
    waiter.ignoreInput()
    gauge.isDeaf.store(true, ordering: .relaxed)
    return nil
  }
}
