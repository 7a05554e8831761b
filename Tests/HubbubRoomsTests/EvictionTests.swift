import HubbubThreads
import IRCWire
import Testing

@testable import HubbubRooms

/// A stalled reader is ended while something walks the members.
@Suite struct EvictionTests {
  /// What walks the members of the room.
  enum Walk: CaseIterable {
    case notice, mode, kick, kickOfTheStalled, quit
  }

  let registry = Registry.forTests()

  /// whoever walks                  owner of the stalled connection
  /// has its list of the members
  /// writes to a witness
  ///                                is ended for its lag, quits, retires the baton
  /// comes to the stalled one, or has passed it
  @Test(
    "R3 a stalled reader is ended in the middle of a walk: the others hear all, once, in one order",
    arguments: Walk.allCases)
  func endedInTheMiddle(of walk: Walk) throws {
    // The walk begins at another member each time, so the stalled one is before, behind and between.
    for round in 0..<12 { try scene(walk, MemberID(100 * round)) }
    #expect(registry.rooms.isEmpty)
    #expect(registry.members.isEmpty)
  }

  /// helper                         owner
  /// has the baton, is in write
  ///                                retires: waits
  /// its write ends
  ///                                closes the descriptor
  @Test("R4 the owner does not close while a helper still writes")
  func closesAfterTheWrite() throws {
    let stalled = try Person(1, "stalled", in: registry)
    let isClosed = Monitor(false)
    let wasClosedInWrite = Monitor(false)
    let owner = Monitor<NamedThread?>(nil)
    stalled.outlet.interruptNextWrite {
      let thread = try? NamedThread(name: "owner") {
        stalled.quit()
        isClosed.withLock { $0 = true }
        isClosed.wakeAll()
      }
      owner.withLock { $0 = thread }
      // Time enough for an owner that does not wait; one that does is not seen here, whatever the limit.
      let closed = isClosed.wait(upTo: .milliseconds(50)) { $0 ? true : nil }
      wasClosedInWrite.withLock { $0 = closed != nil }
    }
    stalled.outbox.enqueue(Array("last words\r\n".utf8))
    stalled.outbox.deliver()
    let thread = try #require(owner.withLock { $0 })
    thread.join()
    #expect(!wasClosedInWrite.withLock { $0 })
    #expect(isClosed.withLock { $0 })
    #expect(stalled.outlet.lines == ["last words"])
  }

  private func scene(_ walk: Walk, _ first: MemberID) throws {
    // The stalled one is full with its own JOIN. Whoever starts the walk gets no echo, so that a witness is in the middle of it.
    let ann = try Person(first + 1, "ann", in: registry, capabilities: [])
    let witnesses = try (2...3).map { try Person(first + $0, "witness\($0)", in: registry) }
    let stalled = try Person(first + 4, "stalled", in: registry, room: 10, lagLimitBytes: 5_000)
    let guest = try Person(first + 5, "guest", in: registry)
    let people = [ann, witnesses[0], stalled, witnesses[1], guest]
    for person in people { try person.join("#r") }
    let room = try #require(registry.room(named: "#r"))
    let beforeWalk = witnesses.map { $0.outlet.lines.count }
    let hasEnded = Monitor(false)
    witnesses[Int(first / 100) % 2].outlet.interruptNextWrite {
      // A thread of its own: were a lock held during the walk, it would wait for that in vain.
      let owner = try? NamedThread(name: "owner") {
        stalled.outbox.enqueue([UInt8](repeating: 0x78, count: 6_000))
        stalled.quit()
        hasEnded.withLock { $0 = true }
        hasEnded.wakeAll()
      }
      if hasEnded.wait(upTo: .seconds(30), for: { $0 ? true : nil }) != nil { owner?.join() }
    }
    try begin(walk, ann, stalled, guest, room)
    #expect(hasEnded.withLock { $0 }, "the walk holds what the end needs")

    #expect(stalled.outbox.ending?.reason.hasPrefix("Too slow") == true)
    #expect(stalled.outlet.isShutDown)
    #expect(stalled.outlet.writesAfterShutDown == 0)
    #expect(registry.member(named: "stalled") == nil)
    let heard = zip(witnesses, beforeWalk).map { witness, count in
      witness.outlet.runLater()
      return witness.outlet.lines.dropFirst(count).compactMap { try? Message(parsing: $0) }
    }
    // Who was kicked is not in the room any more when it quits.
    let quits = walk == .kickOfTheStalled ? [] : ["QUIT stalled"]
    let expected = [Self.name(of: walk)] + quits
    for messages in heard {
      #expect(messages.map { Self.summary($0) } == expected)
      #expect(messages.map { $0.tag("msgid") } == heard[0].map { $0.tag("msgid") })
    }
    #expect(!people.contains { $0.outlet.hadTwoWriters })
    for person in [ann] + witnesses { person.quit() }
    if walk != .quit { guest.quit() }
  }

  private func begin(
    _ walk: Walk, _ ann: Person, _ stalled: Person, _ guest: Person, _ room: Room
  ) throws {
    switch walk {
    case .notice:
      let line = Array(":ann NOTICE #r :x\r\n".utf8)
      let event = Event(author: ann.member.id, echo: .never, line: line)
      _ = room.speak(event, by: ann.author, now: ann.now)
      room.deliver()
    case .mode:
      _ = try room.changeModes(
        [.room(ModeChange(isAdding: true, "m"))], by: ann.author, masksPerList: 10, now: ann.now)
      room.deliver()
    case .kick: try ann.kick(guest, from: room)
    case .kickOfTheStalled: try ann.kick(stalled, from: room)
    case .quit: guest.quit()
    }
  }

  private static func name(of walk: Walk) -> String {
    switch walk {
    case .notice: "NOTICE ann"
    case .mode: "MODE ann"
    case .kick, .kickOfTheStalled: "KICK ann"
    case .quit: "QUIT guest"
    }
  }

  private static func summary(_ message: Message) -> String {
    "\(message.command) \(message.source?.name ?? "")"
  }
}
