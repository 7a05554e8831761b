import Glibc
import HubbubDial
import HubbubThreads
import IRCWire

/// How a bot goes on whose node died:
///
/// 1. It tries the next node, and the one after that, and its own last; then all of them again.
/// 2. There it registers under its name, or a similar one while the server still holds that, and
///    joins its room.
/// 3. It asks for what was said since the last message that it heard, where there is history.
/// 4. It goes on as before. What was due meanwhile is not said: made up for, it would come in one
///    burst.
extension Bot {
  /// How long it looks for a node that lets it in.
  private static let persistence: Nanoseconds = 60 * .perSecond

  /// How often it goes on: one whom every node throws out again does not go round for ever.
  private static let mostMoves = 20

  /// How long a node may take for its next line, and how long to wait when none let it in.
  private static let (limit, pause) = (Duration.seconds(10), Duration.milliseconds(100))

  /// Goes on at another node, where the plan says so. Waits until one lets it in.
  ///
  /// - Returns: false where it does not: then the connection is at its end.
  mutating func moveOn() -> Bool {
    guard stage.plan.hasFailover, !isDeaf, stage.beginning != nil,
      testimony.moves.count < Self.mostMoves, let ending = testimony.ending
    else { return false }
    // It is not gone for good, and is waited for.
    gauge.isEnded.store(false, ordering: .relaxed)
    ear.dropRest()
    outgoing.clear()
    var place = node
    while !stage.isOver, stage.clock.now - ending.time < Self.persistence {
      place = (place + 1) % stage.plan.targets.count
      do {
        try comeBack(at: place, ending)
        return true
      } catch {
        // Whatever kept it out, another node, or the same one later, may let it in.
        if place == node { _ = Monitor(false).wait(upTo: Self.pause) { _ in nil as Bool? } }
      }
    }
    gauge.isEnded.store(true, ordering: .relaxed)
    return false
  }

  private mutating func comeBack(
    at node: Int, _ ending: (reason: String, time: Nanoseconds)
  ) throws {
    let enrolled = try Enrolment.perform(
      testimony.assignment, plan: stage.plan, node: node, limit: Self.limit)
    let inRoomAt = stage.clock.now
    var move = Move(
      from: self.node, to: node, reason: ending.reason, lostAt: ending.time, inRoomAt: inRoomAt,
      backAt: inRoomAt, sent: testimony.sent.count, nickname: enrolled.nickname)
    let heard = try catchUp(enrolled, &move)
    move.backAt = stage.clock.now
    ear.membership.comeBack(as: enrolled.nickname)
    ear.takeIn(messages: heard, at: move.backAt)
    try goOn(enrolled, at: node)
    move.unsaid = skipWhatWasDue()
    testimony.moves.append(move)
    testimony.ending = nil
    // It is in the room, wherever it was about to go.
    stepsTaken = 0
    gauge.received.store(ear.arrivals.ids.count, ordering: .relaxed)
    gauge.isDoneSending.store(pace == nil, ordering: .relaxed)
  }

  /// What was said since the last message that it heard, and what comes meanwhile, until nothing
  /// is left unread.
  private func catchUp(_ enrolled: Enrolment.Enrolled, _ move: inout Move) throws -> [UInt32] {
    let known = Set(ear.arrivals.ids)
    var (remembered, live): ([UInt32], [UInt32]) = ([], [])
    let room = stage.plan.roomName(testimony.assignment.room)
    let historian = Historian(enrolled, room: room)
    if let historian {
      do {
        remembered = try historian.recall(
          backTo: { known.contains($0) }, read: { message($0) },
          aside: { if let id = message($0) { live.append(id) } })
      } catch let refusal as Historian.Refused {
        move.failure = refusal.description
      }
    }
    try readRest(enrolled.connection) { live.append($0) }
    // What came live as well is known by its place there, and whoever does not hear itself is not
    // owed its own.
    let (new, me) = (Set(live), testimony.hasEcho ? nil : testimony.assignment.sender)
    remembered.removeAll { new.contains($0) || stage.ids.sender(of: $0) == me }
    if historian != nil { move.remembered = remembered.count }
    return remembered + live
  }

  /// Reads until nothing has arrived that was not read.
  private func readRest(_ connection: LineConnection, _ body: (UInt32) -> Void) throws {
    while true {
      do {
        guard let next = try connection.receive(within: .zero) else {
          throw Enrolment.Refused(description: "The server ended the connection.")
        }
        if next.command == "PING" { try connection.send(Message("PONG", next.parameters)) }
        if let id = message(next) { body(id) }
      } catch let error as SystemError where error.errno == ETIMEDOUT {
        return
      }
    }
  }

  private func message(_ message: Message) -> UInt32? {
    guard message.command == "PRIVMSG" else { return nil }
    return message.parameters.last.flatMap { self.message($0) }
  }

  private func message(_ text: String) -> UInt32? { Self.message(text, of: stage) }

  /// Passes over what was due while it was away.
  ///
  /// - Returns: how many messages that were.
  private mutating func skipWhatWasDue() -> Int {
    let now = min(stage.clock.now, stage.ending)
    var count = 0
    while let offset = pace?.nextDue, let beginning = stage.beginning, beginning + offset < now {
      pace!.note(due: offset)
      count += 1
    }
    return count
  }
}
