import HubbubThreads
import Synchronization

/// What all bots of a run share: who they are, the clock, and the signals that move them on.
final class Stage: Sendable {
  let plan: Plan
  let run: RunID
  let ids: MessageIDs
  let clock: RunClock
  let assignments: [Assignment]

  /// The nicknames of the senders, in their order.
  let senderNames: [String]
  let gauges: [Gauge]
  let bells: [Bell]

  /// Nil in a run on a schedule.
  let board: WindowBoard?

  /// The threads wait here to connect all at once, and report here when they are in.
  private let gate = Monitor(Gate())

  /// When the schedule begins; 0 until everybody is in. Relaxed: the bell, or the next look, brings
  /// it.
  private let begin = Atomic<Nanoseconds>(0)

  /// When the last message may be sent; moved forward to end a run early. Relaxed, as above.
  private let end = Atomic<Nanoseconds>(.max)

  /// Whether to hand over and leave. Relaxed, as above.
  private let over = Atomic<Bool>(false)

  private struct Gate {
    var isOpen = false
    var enrolled = 0
    var failures: [Failure] = []
    var testimonies: [Testimony?] = []
  }

  /// A bot that could not get in, and why.
  struct Failure: Sendable, Equatable {
    let nickname: String
    let reason: String
  }

  /// - Throws: `SystemError` when the process has no descriptor left.
  init(_ plan: Plan) throws(SystemError) {
    self.plan = plan
    var random = SplitMix64(seed: plan.seed ^ UInt64(bitPattern: RunClock.system))
    run = RunID(using: &random)
    assignments = Assignment.all(in: plan)
    senderNames = assignments.filter { $0.sender != nil }.sorted { $0.sender! < $1.sender! }
      .map(\.nickname)
    ids = MessageIDs(senders: assignments.count { $0.sender != nil })
    clock = RunClock(origin: RunClock.system)
    gauges = assignments.map { _ in Gauge() }
    var bells: [Bell] = []
    for _ in assignments { bells.append(try Bell()) }
    self.bells = bells
    if case .saturate = plan.load { board = WindowBoard(bells: bells) } else { board = nil }
    gate.withLock { $0.testimonies = Array(repeating: nil, count: assignments.count) }
  }

  // MARK: - The bots' side

  /// Waits for the moment at which all connect.
  func awaitOpening() { _ = gate.wait { $0.isOpen ? true : nil } }

  func reportEnrolled() {
    gate.withLock { $0.enrolled += 1 }
    gate.wakeAll()
  }

  func reportFailure(_ failure: Failure) {
    gate.withLock { $0.failures.append(failure) }
    gate.wakeAll()
  }

  func handOver(_ testimony: Testimony, index: Int) {
    gate.withLock { $0.testimonies[index] = testimony }
  }

  /// When the schedule began or will begin; nil while not everybody is in.
  var beginning: Nanoseconds? {
    let time = begin.load(ordering: .relaxed)
    return time > 0 ? time : nil
  }

  /// The time after which nothing is sent.
  var ending: Nanoseconds { end.load(ordering: .relaxed) }

  var isOver: Bool { over.load(ordering: .relaxed) }

  // MARK: - The coordinator's side

  func openGate() {
    gate.withLock { $0.isOpen = true }
    gate.wakeAll()
  }

  /// Waits until each bot is in or has failed; nil when `limit` passed first.
  func awaitEnrolment(upTo limit: Duration) -> [Failure]? {
    gate.wait(upTo: limit) { [count = assignments.count] state in
      state.enrolled + state.failures.count >= count ? state.failures : nil
    }
  }

  /// Lets the schedule begin at `time`.
  func start(at time: Nanoseconds, sendingUntil last: Nanoseconds) {
    end.store(last, ordering: .relaxed)
    begin.store(time, ordering: .relaxed)
    ringAll()
  }

  /// Ends the sending, now.
  func endSending() {
    end.store(clock.now, ordering: .relaxed)
    ringAll()
  }

  /// Tells the bots to hand over and leave.
  func dismiss() {
    over.store(true, ordering: .relaxed)
    ringAll()
  }

  /// What the bots handed over; nil for those that never got in. After they were joined.
  func testimonies() -> [Testimony?] { gate.withLock { $0.testimonies } }

  private func ringAll() {
    for bell in bells { bell.ring() }
  }
}
