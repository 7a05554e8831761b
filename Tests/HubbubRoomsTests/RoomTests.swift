import HubbubThreads
import IRCWire
import Testing

@testable import HubbubLog
@testable import HubbubRooms

@Suite struct RoomTests {
  let registry = Registry.forTests()

  @Test("a member reads from its own JOIN to its own PART, and nothing before or after")
  func span() throws {
    let ann = try Person(1, "ann", in: registry, capabilities: .echoMessage)
    let bob = try Person(2, "bob", in: registry, capabilities: .echoMessage)
    let room = try ann.join("#r")
    try ann.say("before", in: room)
    try bob.join("#r")
    try ann.say("during", in: room)
    try bob.part(room)
    try ann.say("after", in: room)
    #expect(
      bob.outlet.lines == [
        ":bob JOIN #r", ":server 353 ann bob", ":ann PRIVMSG #r :during", ":bob PART #r",
      ])
  }

  @Test("the author reads its own words only with echo-message, and then at their place")
  func echo() throws {
    let ann = try Person(1, "ann", in: registry, capabilities: .echoMessage)
    let bob = try Person(2, "bob", in: registry, capabilities: [])
    let room = try ann.join("#r")
    try bob.join("#r")
    try ann.say("1", in: room)
    try bob.say("2", in: room)
    try ann.say("3", in: room)
    #expect(
      ann.outlet.lines.suffix(3) == [
        ":ann PRIVMSG #r :1", ":bob PRIVMSG #r :2", ":ann PRIVMSG #r :3",
      ])
    #expect(bob.outlet.lines.suffix(2) == [":ann PRIVMSG #r :1", ":ann PRIVMSG #r :3"])
  }

  @Test(
    "what was said is read back, or not, as was negotiated when it was said, though it is read later"
  )
  func echoOfItsTime() throws {
    let ann = try Person(1, "ann", in: registry, room: 0, capabilities: [])
    let room = try ann.join("#r")
    for (number, capabilities) in [[], .echoMessage, [], .echoMessage, [.echoMessage, .setName]]
      .enumerated() as EnumeratedSequence<[Capability]>
    {
      registry.setCapabilities(capabilities, of: ann.session)
      try ann.say("\(number)", in: room)
    }
    ann.outlet.makeRoom(.max)
    ann.outlet.runLater()
    #expect(ann.outlet.lines.compactMap(\.text) == ["1", "3", "4"])
  }

  @Test("a room that is over keeps nothing for those who still hold on to it, nor from them")
  func over() throws {
    let ann = try Person(1, "ann", in: registry)
    let room = try ann.join("#r")
    try ann.say("x", in: room)
    try ann.part(room)
    #expect(room.state.withLock { $0.logs.isEmpty && $0.invited.isEmpty })
    #expect(ann.outlet.lines.last?.hasSuffix(":ann PART #r") == true)
    #expect(throws: Refusal.self) { try ann.say("y", in: room) }
  }

  @Test("message ids are the room's epoch and a sequence without gaps")
  func messageIDs() throws {
    let ann = try Person(1, "ann", in: registry)
    let room = try ann.join("#r")
    for number in 1...5 { try ann.say("\(number)", in: room) }
    let ids = ann.outlet.lines.compactMap { $0.messageID }
    #expect(ids.map(\.sequence) == Array(1...6))
    #expect(Set(ids.map(\.epoch)).count == 1)
  }

  @Test("a room that was left by all starts anew, with another epoch and an operator")
  func newLife() throws {
    let ann = try Person(1, "ann", in: registry)
    let first = try ann.join("#r")
    _ = try first.changeModes(
      [.room(ModeChange(isAdding: true, "i"))], by: ann.author, masksPerList: 10,
      now: ann.now)
    try ann.part(first)
    #expect(registry.rooms.isEmpty)
    let second = try ann.join("#r")
    #expect(first !== second)
    #expect(second.epoch != first.epoch)
    let view = second.view(by: ann.member)
    #expect(view.own?.status == .operating)
    #expect(!view.modes.isInviteOnly)
  }

  /// O4
  @Test("O4 sequence and server-time never decrease in a room though the clock jumps by an hour")
  func time() throws {
    let ann = try Person(
      1, "ann", in: registry, capabilities: [.serverTime, .messageTags, .echoMessage])
    let room = try ann.join("#r")
    func say(at milliseconds: Int64) throws {
      let event = Event(author: 1, echo: .onRequest, line: Array(":ann PRIVMSG #r :x\r\n".utf8))
      _ = room.speak(event, by: ann.author, now: Timestamp(milliseconds: milliseconds))
    }
    try say(at: 5_000_000)
    try say(at: 5_000_000 - 3_600_000)
    try say(at: 5_000_000 + 3_600_000)
    // For bob it is still the first second: its JOIN, NICK, PART and QUIT are behind what was said.
    let bob = try Person(2, "bob", in: registry)
    try bob.join("#r")
    try bob.rename(to: "robert")
    try bob.part(room)
    try bob.join("#r")
    bob.quit()
    room.deliver()
    ann.outlet.runLater()
    let lines = ann.outlet.lines
    let times = lines.compactMap { $0.tagValue("time").flatMap(Timestamp.init) }
    let sequence = lines.compactMap { $0.messageID?.sequence }
    #expect(times.count == 9)
    #expect(times == times.sorted())
    #expect(times.last == Timestamp(milliseconds: 8_600_000))
    #expect(sequence == Array(1...9))
  }

  @Test("each rendition is complete, and a change of capabilities loses and doubles nothing")
  func renditions() throws {
    let ann = try Person(1, "ann", in: registry)
    let bob = try Person(2, "bob", in: registry, capabilities: [])
    let room = try ann.join("#r")
    try bob.join("#r")
    for number in 0..<20 {
      if number % 5 == 4 {
        let capabilities: Capability = number % 2 == 0 ? [.serverTime] : [.messageTags]
        registry.setCapabilities(capabilities, of: bob.session)
      }
      try ann.say("\(number)", in: room)
    }
    let texts = bob.outlet.lines.compactMap { $0.text }
    #expect(texts == (0..<20).map(String.init))
    #expect(bob.outlet.lines.contains { $0.hasPrefix("@time=") })
    #expect(bob.outlet.lines.contains { $0.hasPrefix("@msgid=") })
  }

  @Test("a TAGMSG is seen only by those who negotiated message-tags")
  func tagMessage() throws {
    let ann = try Person(1, "ann", in: registry)
    let bob = try Person(2, "bob", in: registry, capabilities: [])
    let cem = try Person(3, "cem", in: registry)
    let room = try ann.join("#r")
    try bob.join("#r")
    try cem.join("#r")
    let event = Event(
      author: 1, echo: .onRequest,
      variants: [Event.Variant(needs: .messageTags, line: Array(":ann TAGMSG #r\r\n".utf8))],
      clientTags: [Tag("+typing", "active")])
    _ = room.speak(event, by: ann.author, now: ann.now)
    try ann.say("after", in: room)
    #expect(bob.outlet.lines.filter { $0.contains("TAGMSG") }.isEmpty)
    #expect(bob.outlet.lines.last == ":ann PRIVMSG #r :after")
    let seen = cem.outlet.lines.filter { $0.contains("TAGMSG") }
    #expect(seen.count == 1)
    #expect(seen.first?.tagValue("+typing") == "active")
  }

  @Test(
    "a chain of a hundred thousand chunks is released in a loop, not link by link down the stack")
  func longChain() throws {
    let head = Chunk(firstSequence: 1, firstByte: 0, capacityBytes: 16)
    var tail = head
    for _ in 0..<100_000 {
      let next = Chunk(firstSequence: tail.firstSequence + 1, firstByte: 0, capacityBytes: 16)
      tail.link(to: next)
      tail = next
    }
    // A thread's stack is 128 KiB: the release from link to link would need some 100 bytes for each.
    let thread = try NamedThread(name: "release", stackBytes: 128 * 1024) {
      [holder = Monitor<Chunk?>(head)] in holder.withLock { $0 = nil }
    }
    thread.join()
    #expect(tail.next == nil)
  }

  @Test(
    "a room with many names to tell to those who know nothing of renaming keeps its name for a while, or for good"
  )
  func tooLargeToRename() throws {
    let large = Registry.forTests(membersPerRoom: 2000)
    let ann = try Person(1, "ann", in: large, capabilities: .channelRename)
    let room = try ann.join("#r")
    let newcomers = Room.maxWelcome / 1001
    for number in 0..<1000 {
      let isNewcomer = number < newcomers
      let person = try Person(
        MemberID(2 + number), "p\(number)", in: large,
        capabilities: isNewcomer ? [] : .channelRename)
      _ = try large.join(person.author, roomNamed: "#r", key: nil, now: person.now)
    }
    func rename(to name: String, after seconds: Int64 = 0) throws -> Int {
      let time = Timestamp(milliseconds: 1000 * (1 + seconds))
      return try large.rename(
        room, to: name, reason: "", by: ann.author, now: time
      ).newcomers.count
    }
    #expect(try rename(to: "#s") == newcomers)
    let last = try Person(5000, "last", in: large, capabilities: [])
    _ = try large.join(last.author, roomNamed: "#s", key: nil, now: last.now)
    #expect(throws: Refusal.tooManyNewcomers) { try rename(to: "#t", after: 100) }
    #expect(room.name == "#s")
    _ = try large.part(last.author, from: room, reason: nil, now: last.now)
    // A million names at twenty a millisecond. Other letters are nothing that anybody would have to be told, and
    // no way around.
    #expect(throws: Refusal.renamableLater(seconds: 50)) { try rename(to: "#t") }
    #expect(try rename(to: "#S") == 0)
    #expect(throws: Refusal.renamableLater(seconds: 1)) { try rename(to: "#t", after: 49) }
    #expect(try rename(to: "#t", after: 50) == newcomers)
  }

  @Test("who has gone is invited nowhere, and no invitation stays behind")
  func invitedAfterTheEnd() throws {
    let ann = try Person(1, "ann", in: registry)
    let guest = try Person(2, "guest", in: registry)
    let room = try ann.join("#r")
    let invitation = try room.invite(guest.member, by: ann.author, id: [], now: ann.now)
    ann.outbox.fill(invitation.reservation, with: [])
    guest.quit()
    #expect(throws: Refusal.hasQuit) {
      try room.invite(guest.member, by: ann.author, id: [], now: ann.now)
    }
    #expect(room.state.withLock { $0.invited.isEmpty })
  }

  @Test("whoever has quit reads no room any more, and is told nothing of its new name")
  func readersAfterQuit() throws {
    let ann = try Person(1, "ann", in: registry, capabilities: .channelRename)
    let bob = try Person(2, "bob", in: registry, capabilities: [])
    let room = try ann.join("#r")
    try bob.join("#r")
    bob.quit()
    #expect(room.state.withLock { $0.readers.entries.map(\.id) } == [1])
    #expect(room.state.withLock { $0.logs.count } == 1)
    let outcome = try ann.act(.renameRoom("#r", to: "#s", reason: ""))
    guard case .renamed(let newcomers) = outcome.answer else { throw Refusal.unknownMessage }
    #expect(newcomers.isEmpty)
    #expect(bob.member.sessions.isEmpty)
  }

  @Test("an observer reads a room without a seat, and nobody knows of it")
  func observer() throws {
    let ann = try Person(1, "ann", in: registry, capabilities: [])
    let room = try ann.join("#r")
    let outlet = RecordingOutlet(room: .max)
    let outbox = Outbox(
      reader: 99, clock: registry.clock, outlet: outlet, lagLimitBytes: 1 << 20)
    room.attachObserver(99, outbox, as: .messageTags)
    try ann.say("seen", in: room)
    #expect(outlet.lines.compactMap(\.text) == ["seen"])
    #expect(outlet.lines.first?.messageID != nil)
    #expect(room.memberCount == 1)
    #expect(room.inside().members.map(\.nickname) == ["ann"])
    try ann.part(room)
    #expect(registry.rooms.isEmpty)
    room.detachObserver(99)
    outbox.deliver()
    #expect(outlet.lines.last?.body == ":ann PART #r")
    #expect(outbox.cursorCount == 0)
  }

  @Test("a message to a name goes to the room that has it, though the room it meant was renamed")
  func staleReference() throws {
    let ann = try Person(1, "ann", in: registry, capabilities: [.channelRename, .echoMessage])
    let bob = try Person(2, "bob", in: registry, capabilities: [])
    let first = try ann.join("#r")
    let outcome = try ann.act(.say([Person.speech("1")], in: RoomReference("#R"), to: nil))
    guard case .spoken(let reference) = outcome.answer else { throw Refusal.unknownMessage }
    try ann.act(.renameRoom("#r", to: "#s", reason: ""))
    #expect(throws: Refusal.noSuchRoom) {
      try ann.act(.say([Person.speech("2")], in: reference, to: nil))
    }
    let second = try bob.join("#r")
    try ann.join("#r")
    try ann.act(.say([Person.speech("3")], in: reference, to: nil))
    #expect(bob.outlet.lines.compactMap(\.text) == ["3"])
    #expect(first !== second)
    // The room is looked up by the name, and renamed before it is locked: it has been renamed as
    // often as the one that was meant.
    let counts = [first, second].map { room in room.state.withLock { $0.naming } }
    let meant = RoomReference("#r", first, naming: counts[1])
    try bob.act(.renameRoom("#r", to: "#t", reason: ""))
    let renamed = RoomReference("#r", first, naming: counts[1] + 1)
    for reference in [meant, renamed] {
      #expect(throws: Refusal.isStale) {
        try second.say(
          [Person.speech("4")], in: reference, to: nil, by: bob.author, now: bob.now)
      }
    }
  }

  @Test("limits: rooms a member, members a room")
  func limits() throws {
    let small = Registry.forTests(roomsPerMember: 2, membersPerRoom: 1)
    let ann = try Person(1, "ann", in: small)
    let bob = try Person(2, "bob", in: small)
    try ann.join("#1")
    try ann.join("#2")
    #expect(throws: Refusal.tooManyRooms) { try ann.join("#3") }
    #expect(throws: Refusal.alreadyMember) { try ann.join("#1") }
    #expect(throws: Refusal.roomIsFull) { try bob.join("#1") }
    #expect(small.roomCount == 2)
  }

  /// Each set of capabilities that changes what is read has a log of its own.
  @Test("however many renditions a room has, what they are written to has a bound together")
  func manyRenditions() throws {
    let sets: [Capability] = [
      .serverTime, .extendedJoin, .awayNotify, .changeHost, .setName, .inviteNotify,
      .channelRename,
    ]
    let room = try Person(1, "ann", in: registry, capabilities: []).join("#r")
    let people = try (1..<128).map { number in
      let wanted = sets.indices.filter { number >> $0 & 1 == 1 }.map { sets[$0] }
      return try Person(
        MemberID(number + 1), "p\(number)", in: registry,
        capabilities: wanted.reduce(into: []) { $0.formUnion($1) })
    }
    for person in people { try person.join("#r") }
    let text = String(repeating: "x", count: 400)
    for _ in 0..<400 { try people[0].say(text, in: room) }
    let capacities = room.state.withLock { $0.logs.map(\.log.tail.capacity) }
    #expect(capacities.count == 128)
    #expect(capacities.reduce(0, +) <= 1024 * 1024)
  }
}
