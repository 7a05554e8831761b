import Glibc
import HubbubThreads
import IRCWire
import Testing

@testable import HubbubLog
@testable import HubbubRooms

@Suite struct OutboxTests {
  let registry = Registry.forTests()

  @Test("an answer stands behind what was published before it, and before what came later")
  func answersInPlace() throws {
    let ann = try Person(1, "ann", in: registry, capabilities: [])
    let bob = try Person(2, "bob", in: registry, room: 0, capabilities: [])
    let room = try ann.join("#r")
    try bob.join("#r")
    _ = room.speak(
      Event(author: 1, echo: .never, line: Array("first\r\n".utf8)), by: ann.author, now: ann.now)
    bob.outbox.enqueue(Array("answer\r\n".utf8))
    _ = room.speak(
      Event(author: 1, echo: .never, line: Array("second\r\n".utf8)), by: ann.author, now: ann.now)
    room.deliver()
    bob.outlet.makeRoom(.max)
    #expect(bob.outlet.lines.suffix(3) == ["first", "answer", "second"])
  }

  /// asker                          others
  /// asks: its place is reserved
  ///                                publish, deliver to the asker: nothing overtakes the answer
  /// fills its place
  @Test("nothing overtakes an answer whose place is reserved")
  func reservation() throws {
    let ann = try Person(1, "ann", in: registry, capabilities: [])
    let bob = try Person(2, "bob", in: registry, capabilities: [])
    let room = try ann.join("#r")
    try bob.join("#r")
    let view = room.reservedView(by: bob.session)
    try ann.say("later", in: room)
    bob.outbox.enqueue(Array("direct\r\n".utf8))
    bob.outbox.deliver()
    #expect(bob.outlet.lines.last == ":server 353 ann bob")
    bob.outbox.fill(view.reservation!, with: Array("names\r\n".utf8))
    bob.outbox.deliver()
    #expect(bob.outlet.lines.suffix(3) == ["names", ":ann PRIVMSG #r :later", "direct"])
  }

  /// applier                        op1                        op2
  /// places op1's copy at 7
  ///                                reads it, answers at 8     held at 6: does not read 8 yet
  /// places op2's copy at 7
  @Test("nobody reads the answer to a copy before its own copy")
  func heldCopies() throws {
    let (op1, op2) = try (
      Person(1, "op1", in: registry, capabilities: []),
      Person(2, "op2", in: registry, capabilities: [])
    )
    let room = try op1.join("#r")
    try op2.join("#r")
    let holds = [op1, op2].map { $0.outbox.hold() }
    let stamp = registry.clock.tick()
    op1.outbox.place(Block(Array("question\r\n".utf8)), at: stamp, ending: holds[0])
    op1.outbox.deliver()
    #expect(op1.outlet.lines.last == "question")
    try op1.say("answer", in: room)
    // What is queued for it alone meanwhile waits as well.
    op2.outbox.enqueue(Array("notice\r\n".utf8))
    op2.outbox.deliver()
    #expect(op2.outlet.lines.last == ":server 353 op1 op2")
    op2.outbox.place(Block(Array("question\r\n".utf8)), at: stamp, ending: holds[1])
    op2.outbox.deliver()
    #expect(
      op2.outlet.lines.suffix(3) == ["question", ":op1 PRIVMSG #r :answer", "notice"])
  }

  @Test("a message for some of a room leaves nothing for the others to read")
  func unseenEntries() throws {
    let ann = try Person(1, "ann", in: registry)
    let bob = try Person(2, "bob", in: registry)
    try ann.join("#r")
    try bob.join("#r")
    for number in 0..<100 {
      try ann.act(
        .say([Person.speech("\(number)")], in: RoomReference("#r"), to: .operating))
    }
    #expect(bob.outbox.lagBytes == 0)
  }

  @Test("somebody's last words in one room come before its QUIT in another")
  func lastWords() throws {
    let ann = try Person(1, "ann", in: registry, room: 0, capabilities: [])
    let bob = try Person(2, "bob", in: registry, capabilities: [])
    for name in ["#a", "#b"] {
      try bob.join(name)
      try ann.join(name)
    }
    try bob.say("bye", in: registry.room(named: "#b")!)
    bob.quit()
    ann.outlet.makeRoom(.max)
    #expect(ann.outlet.lines.suffix(2) == [":bob PRIVMSG #b :bye", ":bob QUIT :bye"])
  }

  /// As a flood of new nicknames is: if a helper sent less than a read publishes, those who read would fall behind
  /// for as long as it lasts.
  @Test(
    "a thousand events of several rooms leave in one write", arguments: [["#a"], ["#a", "#b"]])
  func manyCrossings(rooms: [String]) throws {
    let ann = try Person(1, "ann", in: registry, room: 0, capabilities: [])
    let bob = try Person(2, "bob", in: registry, capabilities: [])
    for name in rooms {
      try bob.join(name)
      try ann.join(name)
    }
    ann.outlet.makeRoom(.max)
    let (lines, writes) = (ann.outlet.lines.count, ann.outlet.writes)
    for number in 1...1000 {
      _ = try registry.rename(bob.author, to: "bob\(number)", now: bob.now)
    }
    ann.outbox.deliver()
    #expect(ann.outlet.lines.count == lines + 1000)
    #expect(ann.outlet.writes == writes + 1)
  }

  @Test("as many lines as a read may publish leave in one turn, though the rooms alternate")
  func manyAlternations() throws {
    let ann = try Person(1, "ann", in: registry, room: 0, capabilities: [])
    let bob = try Person(2, "bob", in: registry, capabilities: [])
    let rooms = try ["#a", "#b"].map { name in
      try bob.join(name)
      return try ann.join(name)
    }
    ann.outlet.makeRoom(.max)
    let lines = ann.outlet.lines.count
    for number in 1...400 {
      _ = try registry.rename(bob.author, to: "bob\(number)", now: bob.now)
      for room in rooms {
        _ = room.speak(
          Event(author: 2, echo: .never, line: Array("hello\r\n".utf8)), by: bob.author,
          now: bob.now)
      }
    }
    ann.outbox.deliver()
    #expect(ann.outlet.lines.count == lines + 1200)
  }

  /// quitter                        reader
  /// appends to #a, publishes
  ///                                sends it: what came before it in #b is there to be seen
  /// appends to #b, publishes
  ///                                passes over it
  @Test("an event of several rooms is sent once, behind what came before it in all of them")
  func unfinishedEvent() throws {
    let ann = try Person(1, "ann", in: registry, capabilities: [])
    let bob = try Person(2, "bob", in: registry, capabilities: [])
    let rooms = try ["#a", "#b"].map { name in
      try bob.join(name)
      return try ann.join(name)
    }
    let event = Event(author: 2, echo: .never, line: Array(":bob QUIT\r\n".utf8))
    let before = ann.outlet.lines.count
    _ = rooms[1].speak(
      Event(author: 2, echo: .never, line: Array("last\r\n".utf8)), by: bob.author, now: bob.now)
    let stamp = registry.clock.tick(for: rooms.map(\.published))
    for room in rooms {
      Monitor.withLocks([room.state]) {
        room.quit(bob.member, event, stamp: stamp, now: ann.now)
      }
      room.deliver()
      #expect(ann.outlet.lines.dropFirst(before) == ["last", ":bob QUIT"])
    }
  }

  @Test("a partial write goes on exactly where it stopped, however little is taken at a time")
  func partialWrites() throws {
    let ann = try Person(1, "ann", in: registry)
    let bob = try Person(2, "bob", in: registry, room: 0)
    let room = try ann.join("#r")
    try bob.join("#r")
    for number in 0..<200 {
      try ann.say("\(number)", in: room)
      if number % 3 == 0 { bob.outlet.makeRoom(number % 17) }
      if number % 50 == 0 { bob.outbox.enqueue(Array("direct \(number)\r\n".utf8)) }
    }
    for _ in 0..<100_000 where bob.outbox.lagBytes > 0 {
      bob.outlet.makeRoom(7)
      bob.outlet.runLater()
    }
    #expect(bob.outlet.lines.compactMap(\.text) == (0..<200).map(String.init))
    #expect(bob.outlet.lines.filter { $0.hasPrefix("direct") }.count == 4)
  }

  @Test("who stops reading is ended with its lag as the reason, and the others hear everything")
  func eviction() throws {
    let ann = try Person(1, "ann", in: registry)
    let slow = try Person(2, "slow", in: registry, room: 0, lagLimitBytes: 256 * 1024)
    let well = try Person(3, "well", in: registry)
    let room = try ann.join("#r")
    try slow.join("#r")
    try well.join("#r")
    let text = String(repeating: "x", count: 300)
    var sent = 0
    while !slow.outlet.isShutDown, sent < 10_000 {
      try ann.say(text, in: room)
      sent += 1
    }
    let ending = try #require(slow.outbox.ending)
    let lag = try #require(ending.lagBytes)
    // It is looked for when a chunk is full, so a chunk may come on top.
    #expect((256 * 1024...256 * 1024 + 128 * 1024).contains(lag))
    #expect(ending.reason.contains("\(lag / 1024) KiB behind"))
    #expect(well.outlet.lines.compactMap(\.text).count == sent)
    slow.quit()
    try ann.say("after", in: room)
    #expect(
      well.outlet.lines.suffix(2).map(\.body) == [":slow QUIT :bye", ":ann PRIVMSG #r :after"])
  }

  @Test("who has left a room and reads nothing is ended for what it keeps of it")
  func evictionAfterwards() throws {
    let ann = try Person(1, "ann", in: registry)
    let slow = try Person(2, "slow", in: registry, room: 0, lagLimitBytes: 256 * 1024)
    let room = try ann.join("#r")
    try slow.join("#r")
    try slow.part(room)
    for _ in 0..<10_000 where !slow.outlet.isShutDown {
      try ann.say("hello", in: room)
      // As the clock does.
      slow.outbox.endIfLagging()
    }
    #expect(slow.outbox.ending?.lagBytes ?? 0 > 256 * 1024)
  }

  @Test("what is half written keeps its own bytes alive, and nothing of what came later")
  func halfWritten() throws {
    let ann = try Person(1, "ann", in: registry)
    let slow = try Person(2, "slow", in: registry, room: 10)
    let room = try ann.join("#r")
    let reservation = try registry.join(slow.author, roomNamed: "#r", key: nil, now: slow.now)
      .own.reservation!
    slow.outbox.fill(reservation, with: Array("names\r\n".utf8))
    try slow.part(room)
    #expect(slow.outlet.isAwaited)
    #expect(slow.outbox.cursorCount == 0)
    for _ in 0..<100 { try ann.say("hello", in: room) }
    weak let later = room.state.withLock { $0.logs[0].log.tail }
    for _ in 0..<10_000 { try ann.say("hello", in: room) }
    #expect(later == nil)
    slow.outlet.makeRoom(.max)
    #expect(slow.outlet.lines.map(\.body) == [":slow JOIN #r", "names", ":slow PART #r"])
  }

  @Test("a private queue that nobody reads is ended by its lag, too")
  func privateEviction() throws {
    let slow = try Person(2, "slow", in: registry, room: 0, lagLimitBytes: 10_000)
    slow.outbox.enqueue([UInt8](repeating: 65, count: 100))
    slow.outbox.deliver()
    for _ in 0..<110 { slow.outbox.enqueue([UInt8](repeating: 65, count: 100)) }
    #expect(slow.outlet.isShutDown)
    // 100 bytes and what it costs to keep them, until the limit is passed.
    #expect((10_001...10_228).contains(slow.outbox.ending?.lagBytes ?? 0))
    let lag = slow.outbox.lagBytes
    slow.outbox.enqueue([UInt8](repeating: 65, count: 100_000))
    #expect(slow.outbox.lagBytes == lag, "what is ended collects nothing any more")
  }

  @Test("after the baton is retired nothing is written, whoever delivers")
  func retired() throws {
    let ann = try Person(1, "ann", in: registry)
    let bob = try Person(2, "bob", in: registry)
    let room = try ann.join("#r")
    try bob.join("#r")
    let outboxes = room.state.withLock { $0.readers.entries.map(\.outbox) }
    bob.quit()
    let writes = bob.outlet.writes
    try ann.say("after", in: room)
    for outbox in outboxes { outbox.deliver() }
    bob.outbox.enqueue(Array("x\r\n".utf8))
    bob.outbox.deliver()
    #expect(bob.outlet.writes == writes)
  }

  /// helper                         owner
  /// tryTake() → true, writes
  ///                                queues the last words; the baton is out
  ///                                retire(): waits
  /// release(): hands it over
  /// tryTake() → false
  ///                                sends the last words itself
  @Test("last words that are queued while a helper has the baton still leave")
  func lastWordsWhileHelped() throws {
    // Whether the owner waits already when the helper releases is chance; in most rounds it does.
    for _ in 0..<200 {
      let outlet = HeldOutlet()
      let outbox = Outbox(
        reader: 1, clock: registry.clock, outlet: outlet, lagLimitBytes: 1024 * 1024)
      outbox.enqueue(Array("news ".utf8))
      let helper = try NamedThread(name: "helper") { outbox.deliver() }
      outlet.waitUntilHeld()
      outbox.enqueueLast(Array("ERROR".utf8))
      outbox.deliver()
      let owner = try NamedThread(name: "owner") { outbox.retire() }
      sched_yield()
      outlet.goOn()
      for thread in [helper, owner] { thread.join() }
      try #require(outlet.text == "news ERROR")
    }
  }

  @Test("ended when all was sent: what is queued still leaves")
  func patientEnd() throws {
    let bob = try Person(2, "bob", in: registry, room: 0, capabilities: [])
    try bob.join("#r")
    bob.outbox.end(
      Outbox.Ending(reason: "stop"), farewell: Array("ERROR :bye\r\n".utf8), whenSent: true)
    #expect(!bob.outlet.isShutDown)
    bob.outlet.makeRoom(.max)
    #expect(bob.outlet.isShutDown)
    #expect(bob.outlet.lines == [":bob JOIN #r", ":server 353 bob", "ERROR :bye"])
  }

  /// Alone in a room, nothing it says comes back: it passes everything, and must keep none of it.
  @Test("who speaks and hears nothing keeps nothing alive")
  func speaksAlone() throws {
    let ann = try Person(1, "ann", in: registry, capabilities: [])
    let room = try ann.join("#r")
    let text = String(repeating: "x", count: 400)
    for _ in 0..<200 { try ann.say(text, in: room) }
    weak let chunk = try #require(room.state.withLock { $0.logs.first?.log.tail })
    for _ in 0..<2000 { try ann.say(text, in: room) }
    #expect(chunk == nil, "an old chunk is still kept")
    #expect(room.inside().members.first?.lagMessages == 0)
  }

  /// In one read: PART #a, JOIN #a, while a NICK of somebody else in #a is still unread.
  @Test("who parts and joins again reads one order: NICK, its PART, its JOIN")
  func partAndJoin() throws {
    let ann = try Person(1, "ann", in: registry, room: 0, capabilities: [])
    let bob = try Person(2, "bob", in: registry, capabilities: [])
    try bob.join("#a")
    let room = try ann.join("#a")
    try bob.rename(to: "rob")
    try ann.part(room)
    try ann.join("#a")
    ann.outlet.makeRoom(.max)
    #expect(
      ann.outlet.lines == [
        ":ann JOIN #a", ":server 353 bob ann", ":bob NICK rob", ":ann PART #a", ":ann JOIN #a",
        ":server 353 rob ann",
      ])
  }

  @Test("an entry without bytes counts as lag, so that nobody keeps a room's log for nothing")
  func emptyEntries() throws {
    let ann = try Person(1, "ann", in: registry)
    let slow = try Person(2, "slow", in: registry, room: 0, lagLimitBytes: 50_000, capabilities: [])
    let room = try ann.join("#r")
    try slow.join("#r")
    let event = Event(
      author: 1, echo: .onRequest,
      variants: [Event.Variant(needs: .messageTags, line: Array(":ann TAGMSG #r\r\n".utf8))])
    for _ in 0..<2000 where !slow.outlet.isShutDown {
      _ = room.speak(event, by: ann.author, now: ann.now)
      room.deliver()
    }
    #expect(slow.outbox.ending?.lagBytes != nil)
  }

  @Test("who speaks to a room that is over is refused, and not heard by nobody")
  func emptyRoom() throws {
    let ann = try Person(1, "ann", in: registry)
    let room = try ann.join("#r")
    _ = try room.changeModes(
      [.room(ModeChange(isAdding: false, "n"))], by: ann.author, masksPerList: 10,
      now: ann.now)
    try ann.part(room)
    #expect(throws: Refusal.isClosed) {
      try room.say(
        [Person.speech("hello?")], in: RoomReference(room.name), to: nil, by: ann.author,
        now: ann.now)
    }
    #expect(throws: Refusal.noSuchRoom) { try ann.say("hello?", in: room) }
  }

  /// renamer                        member
  /// holds a place in its queue
  ///                                quits, takes the baton for good
  /// fills the place
  @Test("a place may be filled for somebody who has gone meanwhile")
  func filledAfterRetirement() throws {
    let ann = try Person(1, "ann", in: registry)
    let bob = try Person(2, "bob", in: registry, capabilities: [])
    let room = try ann.join("#r")
    try bob.join("#r")
    let renaming = try registry.rename(
      room, to: "#s", reason: "", by: ann.author, now: ann.now)
    bob.quit()
    let place = try #require(
      renaming.newcomers.first { $0.view.own?.member === bob.member }?.view.reservation)
    bob.outbox.fill(place, with: Array("PART\r\n".utf8))
    #expect(!bob.outlet.lines.contains("PART"))
  }

  @Test("who changes its capabilities over and over and reads nothing leaves nothing behind")
  func capabilityChanges() throws {
    let slow = try Person(1, "slow", in: registry, room: 0, capabilities: [])
    for number in 0..<5 { try slow.join("#r\(number)") }
    for _ in 0..<200 {
      registry.setCapabilities([.serverTime], of: slow.session)
      registry.setCapabilities([], of: slow.session)
    }
    // One that holds the JOIN, and one for what comes.
    #expect(slow.outbox.cursorCount <= 2 * 5)
  }

  @Test("who does so while others talk is ended for what that costs")
  func capabilityChangesInTalk() throws {
    let ann = try Person(1, "ann", in: registry, capabilities: [])
    let slow = try Person(
      2, "slow", in: registry, room: 0, lagLimitBytes: 1 << 20, capabilities: [])
    let room = try ann.join("#r")
    try slow.join("#r")
    for round in 0..<1000 where !slow.outlet.isShutDown {
      try ann.say("x", in: room)
      registry.setCapabilities(round % 2 == 0 ? [.serverTime] : [], of: slow.session)
      slow.outbox.enqueue(Array("CAP\r\n".utf8))
    }
    #expect(slow.outbox.ending?.lagBytes != nil)
    #expect(slow.outbox.cursorCount < 300)
  }

  @Test("nothing is sent after the farewell, though others go on talking")
  func farewellIsLast() throws {
    let ann = try Person(1, "ann", in: registry)
    let bob = try Person(2, "bob", in: registry, room: 0, capabilities: [])
    let room = try ann.join("#r")
    try bob.join("#r")
    try ann.say("before", in: room)
    bob.outbox.end(
      Outbox.Ending(reason: "stop"), farewell: Array("ERROR :bye\r\n".utf8), whenSent: true)
    try ann.say("after", in: room)
    bob.outlet.makeRoom(.max)
    #expect(bob.outlet.isShutDown)
    #expect(bob.outlet.lines.suffix(2) == [":ann PRIVMSG #r :before", "ERROR :bye"])
  }

  /// publisher                      holder of the baton
  ///                                isDirty = false, sends what it sees
  /// publishes, isDirty = true
  /// tryTake() fails, goes on
  ///                                releases, sees isDirty, goes round
  @Test("many threads deliver to one outbox: nothing is lost, one writer at a time")
  func helpers() throws {
    let ann = try Person(1, "ann", in: registry)
    let bob = try Person(2, "bob", in: registry)
    let room = try ann.join("#r")
    try bob.join("#r")
    let threads = try (0..<4).map { thread in
      try NamedThread(name: "helper-\(thread)") {
        for number in 0..<500 {
          // A member that is in the room and not moderated is never refused.
          try! ann.say("\(thread) \(number)", in: room)
        }
      }
    }
    for thread in threads { thread.join() }
    bob.outlet.runLater()
    ann.outlet.runLater()
    #expect(!bob.outlet.hadTwoWriters)
    #expect(bob.outlet.lines.compactMap(\.text).count == 2000)
    #expect(bob.outlet.lines.compactMap(\.text) == ann.outlet.lines.compactMap(\.text))
  }

  /// holder of the baton            somebody else
  /// writes what there was
  ///                                queues the farewell, says that it ends now, does not get the baton
  /// must not shut down before it has written that too
  @Test("the farewell is sent, also where the end comes while something else is being written")
  func farewellWhileWriting() throws {
    let ann = try Person(1, "ann", in: registry, capabilities: [])
    let outbox = ann.outbox
    ann.outlet.interruptNextWrite {
      outbox.end(Outbox.Ending(reason: "enough"), farewell: Array("bye\r\n".utf8))
    }
    outbox.enqueue(Array("first\r\n".utf8))
    outbox.deliver()
    #expect(ann.outlet.lines == ["first", "bye"])
    #expect(ann.outlet.isShutDown)
  }

  /// somebody else                  owner
  /// says that it ends now
  ///                                sees that, leaves, retires
  /// does not get the baton
  @Test("the farewell is sent, also where the owner sees the end before who ended it can deliver")
  func farewellWhileRetiring() throws {
    for _ in 0..<2000 {
      let outlet = RecordingOutlet()
      let outbox = Outbox(reader: 1, clock: LogicalClock(), outlet: outlet, lagLimitBytes: 1 << 20)
      let owner = try NamedThread(name: "owner") {
        while !outbox.isEnding {}
        outbox.retire()
      }
      outbox.end(Outbox.Ending(reason: "enough"), farewell: Array("bye\r\n".utf8))
      owner.join()
      #expect(outlet.lines == ["bye"])
      #expect(outlet.writesAfterShutDown == 0)
    }
  }
}
