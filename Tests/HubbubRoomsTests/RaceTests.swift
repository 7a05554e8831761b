import HubbubThreads
import IRCWire
import TestSupport
import Testing

@testable import HubbubRooms

/// Races, forced by threads that do nothing else.
@Suite struct RaceTests {
  private static let entry = Room.Entry(key: nil, isReturn: false, limit: 10)

  let registry = Registry.forTests()

  /// leaver                         joiner
  /// parts: the room is empty
  ///                                joins: makes the room anew
  /// removeIfEmpty: another room, stays
  @Test(
    "C4 the last member leaves while another joins: nobody ends up in a room that is not listed")
  func lastLeaves() throws {
    let people = try (1...3).map { try Person(MemberID($0), "p\($0)", in: registry) }
    try inParallel(people.count) { index in
      for _ in 0..<500 {
        let room = try people[index].join("#r")
        try people[index].say("x", in: room)
        try people[index].part(room)
      }
    }
    #expect(registry.rooms.isEmpty)
    for person in people {
      #expect(person.member.rooms.isEmpty)
      person.outlet.runLater()
      let own = person.outlet.lines.map(\.body).filter { $0.hasPrefix(":\(person.nickname) ") }
      #expect(own.filter { $0.contains("JOIN") }.count == 500)
      #expect(own.filter { $0.contains("PRIVMSG") }.count == 500)
      #expect(own.filter { $0.contains("PART") }.count == 500)
    }
  }

  /// joiner                         operator
  /// asks the masks: may come in
  ///                                bans it, or closes the room
  /// comes in: is asked again
  @Test(
    "who was let in by the masks is asked again when they have changed",
    arguments: [("+b joe!*@*", Refusal.banned), ("+i", .inviteOnly)])
  func lateBan(change: String, refusal: Refusal) throws {
    let ann = try Person(1, "ann", in: registry)
    let joe = try Person(2, "joe", in: registry)
    let room = try ann.join("#r")
    let pass = try #require(try room.checkAdmission(of: joe.member, Self.entry))
    try ann.set(change, in: room)
    #expect(throws: refusal) {
      _ = try room.join(joe.author, pass, Self.entry, now: joe.now)
    }
  }

  @Test("who was let in by the masks and has another name since is asked again")
  func lateRename() throws {
    let ann = try Person(1, "ann", in: registry)
    let joe = try Person(2, "joe", in: registry)
    let room = try ann.join("#r")
    try ann.set("+b jim!*@*", in: room)
    let pass = try #require(try room.checkAdmission(of: joe.member, Self.entry))
    try joe.rename(to: "jim")
    #expect(throws: Refusal.banned) {
      _ = try room.join(joe.author, pass, Self.entry, now: joe.now)
    }
  }

  /// joe                            who writes to the reader
  ///                                takes a place: in #a, before what is said next
  /// speaks in #a, leaves it
  /// NICK, in #b
  ///                                in #b, behind the NICK
  @Test("a message in private at the same moment lets no NICK overtake what was said before it")
  func nickBehindItsPast() throws {
    let joe = try Person(2, "joe0", in: registry, capabilities: [])
    try joe.join("#b")
    let lines = try linesRead { number in
      try joe.visit("#a")
      _ = try registry.rename(joe.author, to: "joe\(number)", now: joe.now)
    }
    try expectKnownNames(lines)
  }

  /// joe                            who writes to the reader
  ///                                takes a place: in #b, before the NICK
  /// NICK, in #b
  /// comes to #a, speaks, leaves
  ///                                in #a, behind that
  @Test("nor does what is said after it overtake a NICK", arguments: [true, false])
  func nickBeforeItsFuture(isWrittenTo: Bool) throws {
    let joe = try Person(2, "joe0", in: registry, capabilities: [])
    try joe.join("#b")
    let lines = try linesRead(in: ["#b", "#a"], isWrittenTo: isWrittenTo) { number in
      _ = try registry.rename(joe.author, to: "joe\(number)", now: joe.now)
      try joe.visit("#a")
    }
    try expectKnownNames(lines)
  }

  /// Nobody speaks under a name that is not its own any more, or not yet.
  private func expectKnownNames(_ lines: [String]) throws {
    var name = "joe0"
    for line in lines where line.hasPrefix(":joe") {
      let words = line.split(separator: " ")
      try #require(words[0] == ":\(name)", "\(line)")
      if words[1] == "NICK" { name = String(words[2]) }
    }
    #expect(name == "joe\(Self.rounds)")
  }

  /// joe, in #a; pat, in #b         who writes to the reader
  ///                                takes a place: in #a, before joe's NICK
  /// joe: NICK, in #a
  /// pat: NICK, in #b
  ///                                in #b, behind pat's NICK
  @Test("and none is lost behind a later one of another room")
  func nickOfAnotherRoom() throws {
    let joe = try Person(2, "joe0", in: registry, capabilities: [])
    let pat = try Person(3, "pat0", in: registry, capabilities: [])
    try joe.join("#a")
    try pat.join("#b")
    let lines = try linesRead { number in
      _ = try registry.rename(joe.author, to: "joe\(number)", now: joe.now)
      _ = try registry.rename(pat.author, to: "pat\(number)", now: pat.now)
    }
    let told = lines.filter { $0.contains(" NICK ") }
    let done = (1...Self.rounds).flatMap { number in
      ["joe", "pat"].map { ":\($0)\(number - 1) NICK \($0)\(number)" }
    }
    #expect(told.count == done.count)
    #expect(told == done)
  }

  private static let rounds = 5000

  /// What somebody in two rooms and many between them reads while it is written to in private without a pause, or
  /// delivered to at least, and `step` is taken `rounds` times.
  private func linesRead(
    in rooms: [String] = ["#a", "#b"], isWrittenTo: Bool = true,
    _ step: @escaping @Sendable (Int) throws -> Void
  ) throws -> [String] {
    let reader = try Person(1, "reader", in: registry, capabilities: [])
    // Taking a place, and looking what there is, walks all of them, from the one to the other.
    for name in [rooms[0]] + (0..<90).map({ "#\($0)" }) + [rooms[1]] { try reader.join(name) }
    let isClosed = Monitor(false)
    try inParallel(2) { thread in
      guard thread == 0 else {
        while !isClosed.withLock({ $0 }) {
          if isWrittenTo { reader.outbox.enqueue(Array("hello\r\n".utf8)) }
          reader.outbox.deliver()
        }
        return
      }
      defer { isClosed.withLock { $0 = true } }
      for number in 1...Self.rounds { try step(number) }
    }
    reader.outbox.deliver()
    reader.outlet.runLater()
    return reader.outlet.lines
  }

  @Test("C3 renamed, kicked and gone at once: each event once, under the name of its place")
  func renameKickQuit() throws {
    let watcher = try Person(1, "watcher", in: registry)
    let room = try watcher.join("#r")
    for round in 0..<200 {
      let victim = try Person(MemberID(10 + round), "v\(round)", in: registry)
      try victim.join("#r")
      try inParallel(3) { index in
        switch index {
        // A client's own thread renames it and takes it away; others kick it, and talk meanwhile.
        case 0:
          try victim.rename(to: "w\(round)")
          victim.quit()
        case 1: try watcher.kick(victim, from: room)
        default: try watcher.say("\(round)", in: room)
        }
      }
    }
    watcher.outlet.runLater()
    var here: Set<String> = []
    for line in watcher.outlet.lines.compactMap({ try? Message(parsing: $0) }) {
      let name = line.source?.name ?? ""
      switch line.command {
      case "JOIN": #expect(here.insert(name).inserted)
      case "NICK":
        #expect(here.remove(name) != nil)
        here.insert(line.parameters[0])
      case "KICK": #expect(here.remove(line.parameters[1]) != nil)
      case "QUIT": #expect(here.remove(name) != nil)
      default: break
      }
    }
    #expect(here == ["watcher"])
    #expect(registry.members.count == 1)
  }

  /// speaker                        operator
  /// writes its line
  ///                                CHGHOST: the room knows the speaker by another host
  /// speaks: would show the old one
  @Test("what is said and done in the moment of a CHGHOST shows the host of its place in the order")
  func changesHostWhileTalking() throws {
    let watcher = try Person(1, "watcher", in: registry, capabilities: [.changeHost])
    let speaker = try Person(2, "speaker", in: registry)
    let room = try speaker.join("#r")
    try watcher.join("#r")
    try inParallel(2) { index in
      for round in 0..<1000 {
        if index == 0 {
          let announcement = registry.setAddress(
            userName: "user", host: "h\(round)", of: speaker.member, now: speaker.now)
          for room in announcement.rooms { room.deliver() }
        } else {
          try speaker.actAsKnown(round, in: room)
        }
      }
    }
    watcher.outlet.runLater()
    var host = "host"
    var acts: [String: Int] = [:]
    for line in watcher.outlet.lines.compactMap({ try? Message(parsing: $0) })
    where line.source?.name == "speaker" && line.command != "JOIN" {
      #expect((line.source?.host ?? "host") == host)
      acts[line.command, default: 0] += 1
      if line.command == "CHGHOST" { host = line.parameters[1] }
    }
    #expect(acts == ["CHGHOST": 1000, "PRIVMSG": 1000, "TOPIC": 1000, "MODE": 1000])
  }

  /// helper                         owner
  /// finds it lagging, ends it
  ///                                quits, retires the baton
  /// delivers: tryTake() fails
  @Test("R4 eviction races quit: nothing is written after the end")
  func evictionRacesQuit() throws {
    let ann = try Person(1, "ann", in: registry)
    let room = try ann.join("#r")
    let text = String(repeating: "x", count: 400)
    for round in 0..<50 {
      let slow = try Person(
        MemberID(10 + round), "s\(round)", in: registry, room: 10, lagLimitBytes: 40_000)
      try slow.join("#r")
      try inParallel(3) { index in
        switch index {
        case 0: for _ in 0..<300 { try ann.say(text, in: room) }
        case 1: for _ in 0..<300 { slow.outbox.endIfLagging() }
        default:
          slow.outlet.makeRoom(1000)
          slow.quit()
          let writes = slow.outlet.writes
          slow.outbox.deliver()
          #expect(slow.outlet.writes == writes)
        }
      }
      #expect(slow.outlet.writesAfterShutDown == 0)
      #expect(!slow.outlet.hadTwoWriters)
    }
    #expect(room.view(by: ann.member).seats.count == 1)
  }

  /// victim                         operator
  /// counts its open cursors: 60
  ///                                kicks: one of them is closed
  /// walks to the 60th open one: there are 59
  @Test("a place is taken while others close what it stands in")
  func placeRacesKick() throws {
    let chief = try Person(1, "op", in: registry)
    let names = (0..<60).map { "#r\($0)" }
    let rooms = try names.map { try chief.join($0) }
    for round in 0..<40 {
      let victim = try Person(MemberID(10 + round), "v\(round)", in: registry, room: 0)
      for name in names { try victim.join(name) }
      try inParallel(2) { index in
        if index == 0 {
          for room in rooms { try chief.kick(victim, from: room) }
        } else {
          for _ in 0..<300 { victim.outbox.enqueue([UInt8(ascii: "x")]) }
        }
      }
      #expect(victim.member.rooms.isEmpty)
      victim.quit()
    }
  }

  @Test(
    "C7 in two rooms, with comings, goings and renames: one order for all, and each event once")
  func oneOrder() throws {
    let seed = seed()
    let names = ["#a", "#b"]
    let witnesses = try names.enumerated().map { index, name in
      let witness = try Person(MemberID(1 + index), "witness\(index)", in: registry)
      try witness.join(name)
      return witness
    }
    let watchers = try (1...3).map { number in
      let watcher = try Person(MemberID(10 + number), "watcher\(number)", in: registry)
      for name in names { try watcher.join(name) }
      return watcher
    }
    try inParallel(6) { index in
      var random = SplitMix64(seed: seed &+ UInt64(index))
      for life in 0..<8 {
        try Self.live(
          index, life, names, registry: registry, id: MemberID(100 + index * 100 + life), &random)
      }
    }
    for person in witnesses + watchers { person.outlet.runLater() }
    var checker = StreamChecker()
    for (name, witness) in zip(names, witnesses) { checker.add(name, asReadBy: witness) }
    for watcher in watchers {
      #expect(!watcher.outlet.hadTwoWriters)
      #expect(checker.fault(in: watcher, namedAs: watcher.nickname) == nil)
    }
  }

  /// Comes, talks, is renamed, changes rooms, and goes.
  private static func live(
    _ index: Int, _ life: Int, _ names: [String], registry: Registry, id: MemberID,
    _ random: inout SplitMix64
  ) throws {
    let person = try Person(id, "n\(index)l\(life)", in: registry)
    var rooms = try names.map { try person.join($0) }
    for step in 0..<40 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0: try person.rename(to: "n\(index)l\(life)s\(step)")
      case 1 where rooms.count == 2: try person.part(rooms.removeLast())
      case 2 where rooms.count == 1: rooms.append(try person.join("#b"))
      default: try person.say("\(index) \(life) \(step)", in: rooms[0])
      }
    }
    person.quit()
  }
}

extension Person {
  /// Talks, sets the topic and a mode.
  fileprivate func actAsKnown(_ round: Int, in room: Room) throws(Refusal) {
    let speech = Person.speech("\(round)")
    _ = try room.say([speech], in: RoomReference(room.name), to: nil, by: author, now: now)
    _ = try room.setTopic("\(round)", by: author, now: now)
    let change = ModeChange(isAdding: round.isMultiple(of: 2), "m")
    _ = try room.changeModes([.room(change)], by: author, masksPerList: 1, now: now)
    room.deliver()
  }
}
