import CLinux
import Glibc
import HubbubDial
import HubbubSockets
import HubbubThreads
import IRCWire

/// One member of the swarm, on a thread of its own: reads what comes, and sends what is due.
struct Bot: ~Copyable {
  let stage: Stage
  let index: Int
  private(set) var stream: ByteStream
  let gauge: Gauge
  var testimony: Testimony
  var ear: Ear
  var outgoing: Outgoing
  var pulse = Pulse()
  var waiter: Waiter
  var pace: Pace?
  private var noted: [Int] = []
  private var publishedAt: Nanoseconds = 0

  /// How often a room's first observer shows what it heard of each sender.
  static let publishing = Nanoseconds.perSecond / 10
  var isDeaf = false

  /// What a bot that comes and goes has done so far, and when it last did something.
  var stepsTaken = 0
  var lastStep: Nanoseconds = 0
  private let alertness: Nanoseconds

  /// Nil for all but the first observer of a room, and where the server has no history.
  private(set) var historian: Historian?

  /// The node it is connected to.
  var node: Int

  /// Holds the connection, whose buffer the registration used.
  private var connection: LineConnection

  /// - Throws: `SystemError` when the process has no descriptor left.
  init(_ enrolled: Enrolment.Enrolled, stage: Stage, index: Int) throws(SystemError) {
    let assignment = stage.assignments[index]
    self.stage = stage
    self.index = index
    node = assignment.node
    connection = enrolled.connection
    stream = connection.stream
    gauge = stage.gauges[index]
    testimony = Testimony(assignment)
    testimony.nickname = enrolled.nickname
    testimony.hasEcho = enrolled.capabilities.contains("echo-message")
    gauge.hasEcho.store(testimony.hasEcho, ordering: .relaxed)
    waiter = try Waiter(socket: stream.socket.descriptor, bell: stage.bells[index])
    if assignment.role == .stalled {
      Self.shrinkReceiveBuffer(stream)
      gauge.socket.store(Int(stream.socket.descriptor), ordering: .relaxed)
    }
    let room = stage.plan.roomName(assignment.room)
    let isBoardKeeper = stage.board != nil && assignment.role == .observer(isFirst: true)
    ear = Ear(
      run: stage.run, ids: stage.ids, textBytes: stage.plan.textBytes,
      readsTimes: enrolled.capabilities.contains("server-time"),
      readsIDs: stage.board == nil && enrolled.capabilities.contains("message-tags"),
      provenance: Provenance(names: stage.senderNames, room: room),
      membership: Membership(nickname: enrolled.nickname, room: room),
      reserving: stage.plan.expectedArrivals)
    // Others were still coming: the last read of the registration may have ended within a line.
    ear.takeIn(connection.takeRest(), at: stage.clock)
    if isBoardKeeper { noted = Array(repeating: 0, count: stage.ids.senders) }
    outgoing = Outgoing(
      room: room, textBytes: stage.plan.textBytes, run: stage.run)
    pace = Self.pace(assignment, stage.plan)
    alertness = stage.plan.alertness
    historian = Self.historian(enrolled, assignment, room)
  }

  private static func historian(
    _ enrolled: Enrolment.Enrolled, _ assignment: Assignment, _ room: String
  ) -> Historian? {
    assignment.role == .observer(isFirst: true) ? Historian(enrolled, room: room) : nil
  }

  /// Goes on over another connection, of which nothing was left unread.
  ///
  /// - Throws: `SystemError` when the process has no descriptor left.
  mutating func goOn(_ enrolled: Enrolment.Enrolled, at node: Int) throws(SystemError) {
    let assignment = testimony.assignment
    waiter = try Waiter(
      socket: enrolled.connection.stream.socket.descriptor, bell: stage.bells[index])
    self.node = node
    connection = enrolled.connection
    stream = connection.stream
    historian = Self.historian(enrolled, assignment, stage.plan.roomName(assignment.room))
    ear.takeIn(connection.takeRest(), at: stage.clock)
  }

  /// Lives until the run is over or the connection is gone, and hands over what it knows.
  mutating func run() {
    Self.askForSharpTimers()
    repeat { live() } while moveOn()
    testimony.arrivals = ear.takeArrivals()
    testimony.strays = ear.strays
    testimony.serverTimes = ear.serverTimes
    testimony.claims = ear.provenance.claims
    testimony.outside = ear.membership.outside
    testimony.kicks = ear.membership.kicks
    testimony.serverIDs = ear.serverIDs.hashes
    testimony.history = askForHistory()
    stage.handOver(testimony, index: index)
  }

  /// Lives until the run is over or this connection is gone.
  private mutating func live() {
    do {
      while !stage.isOver, try turn() {}
    } catch {
      end("The connection failed: \(error).")
    }
    if !stage.isOver, testimony.ending == nil { end("The server ended the connection.") }
  }

  /// Sends what is due, waits for the next event, and hears what came.
  ///
  /// - Returns: false at the end of the connection.
  private mutating func turn() throws(SystemError) -> Bool {
    let rest = try speak()
    let events = waiter.wait(rest.map { max($0 - alertness, 0) })
    guard events & ~EPOLLOUT.rawValue != 0 else { return true }
    if isDeaf { return false }
    guard try ear.listen(to: stream, clock: stage.clock) else { return false }
    tell()
    if !ear.asides.isEmpty { answerAsides() }
    return true
  }

  /// Shows others how far it has come.
  private mutating func tell() {
    let count = ear.arrivals.ids.count
    guard count != gauge.received.load(ordering: .relaxed) else { return }
    let now = ear.arrivals.reads[ear.arrivals.reads.count - 1].time
    gauge.received.store(count, ordering: .relaxed)
    gauge.bytes.store(ear.received, ordering: .relaxed)
    gauge.lastArrival.store(now, ordering: .relaxed)
    if let due = ear.sampleDue { pulse.note(now - due, at: now, on: gauge) }
    tellOfGates(now)
    if !noted.isEmpty { updateBoard() }
  }

  /// Shows the counters from which the running verdicts are made.
  private mutating func tellOfGates(_ now: Nanoseconds) {
    gauge.missing.store(ear.check.missing, ordering: .relaxed)
    gauge.doubled.store(ear.check.doubled, ordering: .relaxed)
    gauge.stepsBack.store(ear.check.stepsBack, ordering: .relaxed)
    gauge.timesBack.store(ear.serverTimes.decreases, ordering: .relaxed)
    guard testimony.assignment.role == .observer(isFirst: true),
      now - publishedAt > Self.publishing
    else { return }
    publishedAt = now
    for (index, assignment) in stage.assignments.enumerated() {
      guard let sender = assignment.sender, assignment.room == testimony.assignment.room else {
        continue
      }
      stage.gauges[index].delivered.store(ear.check.heard(sender), ordering: .relaxed)
    }
  }

  private mutating func updateBoard() {
    guard let board = stage.board else { return }
    let first = testimony.assignment.room
    for sender in stride(from: first, to: noted.count, by: stage.plan.rooms)
    where ear.check.last(sender) != noted[sender] {
      noted[sender] = ear.check.last(sender)
      board.note(sender, noted[sender])
    }
  }

  mutating func end(_ reason: String) {
    testimony.ending = (reason, stage.clock.now)
    gauge.isEnded.store(true, ordering: .relaxed)
    gauge.isDoneSending.store(true, ordering: .relaxed)
  }

  private static func pace(_ assignment: Assignment, _ plan: Plan) -> Pace? {
    guard let sender = assignment.sender else { return nil }
    if case .flooder(let factor) = assignment.role {
      return Pace(plan: plan, sender: sender, factor: factor, start: plan.halfway)
    }
    return Pace(plan: plan, sender: sender)
  }

  /// A small buffer fills soon; a large one would spare the server the trouble for minutes. Set
  /// long before it matters, since the system takes back nothing of the window that it has offered.
  private static func shrinkReceiveBuffer(_ stream: ByteStream) {
    var bytes: Int32 = 4096
    setsockopt(
      stream.socket.descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Lets this thread's timers fire when they are due and not up to 50 µs later.
  ///
  /// Where the system refuses, the send lag shows it.
  private static func askForSharpTimers() {
    guard let file = fopen("/proc/\(clinux_thread_id())/timerslack_ns", "w") else { return }
    fputs("1", file)
    fclose(file)
  }
}
