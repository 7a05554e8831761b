import Glibc
import HubbubDial
import HubbubThreads
import IRCWire

/// Somebody who hears a room, loses its connection halfway through, comes back after a while and
/// asks for what it has missed (M10). On a thread of its own.
final class Returner: Sendable {
  private let stage: Stage
  private let state = Monitor(State())

  private struct State {
    var isFinishing = false
    var heard: Heard?
  }

  /// What it heard, each part in its order.
  struct Heard: Sendable {
    var before: [UInt32] = []
    var remembered: [UInt32] = []
    var after: [UInt32] = []
    var awaySeconds = 0.0
    var returnSeconds = 0.0
    var failure: String?
  }

  private let away: Duration
  private let thread: Monitor<NamedThread?> = Monitor(nil)

  /// What it asks for.
  private static let capabilities =
    Historian.capabilities + ["message-tags", "server-time"]

  /// Comes into the first room. Waits for the server.
  ///
  /// - Parameter away: how long it is away.
  /// - Throws: whatever kept it out.
  init(_ stage: Stage, away: Duration, beginning: Nanoseconds) throws {
    (self.stage, self.away) = (stage, away)
    let line = try Self.enter(stage, node: 0)
    let started = try NamedThread(name: "returner") { [self] in
      let heard = live(line, until: beginning + stage.plan.halfway)
      state.withLock { $0.heard = heard }
    }
    thread.withLock { $0 = started }
  }

  /// All was said: waits until it has heard the rest, and returns what it heard. May be called
  /// again.
  func finish() -> Heard {
    state.withLock { $0.isFinishing = true }
    state.wakeAll()
    thread.withLock { $0.take() }?.join()
    return state.withLock { $0.heard } ?? Heard(failure: "It said nothing of itself.")
  }

  /// One connection in the room, and where its history can be asked for.
  private struct Line {
    let connection: LineConnection
    let historian: Historian?
  }

  private static func enter(_ stage: Stage, node: Int) throws -> Line {
    let plan = stage.plan
    let connection = try plan.open(byWeb: plan.isAllWeb, node: node, limit: Enrolment.limit)
    let registration = Registration(
      nickname: "back-0", userName: "swarm", realName: "Hubbub swarm", password: plan.password,
      capabilities: capabilities, takesSimilarNickname: true)
    let welcome = try registration.perform(on: connection, limit: Enrolment.limit)
    try connection.send(Message("JOIN", plan.firstRoom))
    try Enrolment.awaitRoom(plan.firstRoom, connection)
    let enrolled = Enrolment.Enrolled(
      connection: connection, nickname: welcome.nickname, capabilities: welcome.capabilities,
      supported: welcome.supported)
    return Line(
      connection: connection, historian: Historian(enrolled, room: plan.firstRoom))
  }

  // MARK: The thread

  private func live(_ line: Line, until departure: Nanoseconds) -> Heard {
    var heard = Heard()
    guard line.historian != nil else {
      heard.failure = "no history on this server"
      line.connection.shutDown()
      return heard
    }
    do {
      var last: String?
      let isDue = { self.stage.clock.now >= departure }
      try hear(line, until: isDue) { id, reference in
        heard.before.append(id)
        last = reference
      }
      // As when a cable is pulled: nothing is said.
      line.connection.shutDown()
      let left = stage.clock.now
      _ = state.wait(upTo: away) { $0.isFinishing ? true : nil }
      let returning = stage.clock.now
      // To another node, where there is one: what it has missed is known there too.
      let back = try Self.enter(stage, node: 1)
      heard.awaySeconds = (stage.clock.now - left).seconds
      heard.returnSeconds = (stage.clock.now - returning).seconds
      heard.remembered = try recall(back, after: last) { heard.after.append($0) }
      try hear(back, until: isFinishing) { id, _ in heard.after.append(id) }
      // In the order of one connection: what was on its way comes before the answer.
      try back.connection.send(Message("PING", "the-end"))
      try hearRest(back) { heard.after.append($0) }
      back.connection.shutDown()
    } catch {
      heard.failure = "\(error)"
    }
    return heard
  }

  private func isFinishing() -> Bool { state.withLock { $0.isFinishing } }

  /// What was said since a message.
  ///
  /// - Parameter live: is handed what is said meanwhile.
  private func recall(
    _ line: Line, after reference: String?, live: (UInt32) -> Void
  ) throws -> [UInt32] {
    guard let historian = line.historian else { return [] }
    let stage = stage
    return try historian.recall(
      after: reference, read: { Bot.message($0, of: stage) },
      aside: { message in
        if let id = Self.id(of: message, in: stage) { live(id) }
      })
  }

  private func hear(
    _ line: Line, until isOver: () -> Bool, _ body: (UInt32, String?) -> Void
  ) throws {
    while !isOver() {
      guard let message = try next(line, within: Self.pause) else { continue }
      if let id = Self.id(of: message, in: stage) {
        body(id, line.historian?.reference(message))
      }
    }
  }

  private func hearRest(_ line: Line, _ body: (UInt32) -> Void) throws {
    while let message = try line.connection.receive(within: Enrolment.limit) {
      if message.command == "PONG", message.parameters.last == "the-end" { return }
      if let id = Self.id(of: message, in: stage) { body(id) }
    }
  }

  private static let pause = Duration.milliseconds(50)

  /// - Returns: nil where nothing came.
  private func next(_ line: Line, within limit: Duration) throws -> Message? {
    do {
      guard let message = try line.connection.receive(within: limit) else {
        throw Enrolment.Refused(description: "The server ended the connection.")
      }
      if message.command == "PING" {
        try line.connection.send(Message("PONG", message.parameters))
      }
      return message
    } catch let error as SystemError where error.errno == EAGAIN || error.errno == ETIMEDOUT {
      return nil
    }
  }

  private static func id(of message: Message, in stage: Stage) -> UInt32? {
    guard message.command == "PRIVMSG", message.parameters.count == 2 else { return nil }
    return Bot.message(message.parameters[1], of: stage)
  }
}

extension RecoveryFigures {
  /// - Parameter reference: what somebody heard who was there all the while.
  init(_ heard: Returner.Heard, reference: [UInt32]) {
    if let failure = heard.failure {
      self.init(failure: failure)
      return
    }
    self.init(
      before: heard.before, remembered: heard.remembered, after: heard.after,
      reference: reference)
    (awaySeconds, returnSeconds) = (heard.awaySeconds, heard.returnSeconds)
  }
}
