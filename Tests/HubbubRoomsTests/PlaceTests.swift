import HubbubThreads
import IRCWire
import Testing

@testable import HubbubRooms

/// The places of what only some read, in the one order of a room, while others talk.
@Suite struct PlaceTests {
  let registry = Registry.forTests()

  /// ann                            the others
  /// appends 7, holds a place
  ///                                append 8, deliver to ann: 7's place is not filled, ann waits
  /// fills the place with a label
  /// delivers 7 and 8
  @Test("a labelled copy of what one does stands at its true place while others talk")
  func labelled() throws {
    let people = try (0..<4).map { try Person(MemberID($0 + 1), "p\($0)", in: registry) }
    let room = try people[0].join("#r")
    for person in people.dropFirst() { try person.join("#r") }
    try inParallel(people.count) { index in
      for number in 0..<300 {
        switch (index, number % 5) {
        case (0, 0): try people[0].rename(to: "p0x\(number)", label: number)
        case (0, 1): try people[0].setTopic("\(number)", of: room, label: number)
        case (0, _): try people[0].say("\(number)", in: room, label: number)
        default: try people[index].say("\(number)", in: room)
        }
      }
    }
    let first = Self.sequences(of: people[0])
    #expect(first == Array(1...4 + 4 * 300))
    let labels = people[0].outlet.lines.compactMap { $0.tagValue("label") }
    #expect(labels == (0..<300).map(String.init))
    for person in people.dropFirst() {
      #expect(Self.sequences(of: person) == Array(first.suffix(Self.sequences(of: person).count)))
      #expect(person.outlet.lines.allSatisfy { $0.tagValue("label") == nil })
    }
  }

  @Test(
    "a labelled JOIN begins what one reads of a room in which others talk: nothing before, and no gap"
  )
  func labelledJoin() throws {
    let people = try (0..<3).map { try Person(MemberID($0 + 1), "p\($0)", in: registry) }
    let room = try people[1].join("#r")
    try people[2].join("#r")
    try inParallel(people.count) { index in
      for number in 0..<200 {
        if index == 0 {
          try people[0].join("#r", label: number)
          try people[0].part(room)
        } else {
          try people[index].say("\(number)", in: room)
        }
      }
    }
    people[0].outlet.runLater()
    var expected: Int?
    var joins = 0
    for line in people[0].outlet.lines {
      let sequence = try #require(line.messageID?.sequence)
      if line.body.hasPrefix(":p0 JOIN") {
        #expect(expected == nil)
        #expect(line.tagValue("label") == "\(joins)")
        joins += 1
      } else {
        #expect(sequence == expected)
      }
      expected = line.body.hasPrefix(":p0 PART") ? nil : sequence + 1
    }
    #expect(joins == 200)
  }

  @Test(
    "what is said to operators alone has one place for all of them, and the others miss just that")
  func statusMessages() throws {
    let people = try (0..<4).map { try Person(MemberID($0 + 1), "p\($0)", in: registry) }
    let room = try people[0].join("#r")
    for person in people.dropFirst() { try person.join("#r") }
    try people[0].appoint(people[1], in: room)
    try inParallel(people.count) { index in
      for number in 0..<300 {
        if number % 3 == 0 {
          try people[index].sayToOperators("\(number)", in: room)
        } else {
          try people[index].say("\(number)", in: room)
        }
      }
    }
    let all = Array(1...5 + 4 * 300)
    let secret = people[0].outlet.lines.filter { $0.contains("@#r") }.compactMap {
      $0.messageID?.sequence
    }
    #expect(secret.count == 400)
    for (index, person) in people.enumerated() {
      let own = person.outlet.lines.filter { $0.contains(":p\(index) PRIVMSG @#r") }
        .compactMap { $0.messageID?.sequence }
      #expect(own.count == 100)
      let hidden = index < 2 ? [] : Set(secret).subtracting(own)
      let seen = Self.sequences(of: person)
      let expected = all.filter { !hidden.contains($0) }
      #expect(seen == Array(expected.suffix(seen.count)), "p\(index)")
      #expect(seen.count >= expected.count - 4)
    }
  }

  /// operator                       the others
  ///                                look at the room's name
  /// renames the room
  ///                                append a line with the former name
  @Test("while a room is renamed, each reads everything under the name that it knows")
  func renaming() throws {
    let common: Capability = [.messageTags, .echoMessage, .inviteNotify, .messageRedaction]
    let capable = common.union(.channelRename)
    let people = try (0..<4).map { number in
      try Person(
        MemberID(number + 1), "p\(number)", in: registry,
        capabilities: number % 2 == 0 ? capable : common)
    }
    let room = try people[0].join("#r")
    for person in people.dropFirst() { try person.join("#r") }
    let guest = try Person(9, "guest", in: registry)
    let leavers = try (0..<34).map { try Person(MemberID($0 + 10), "l\($0)", in: registry) }
    for leaver in leavers { try leaver.join("#r") }
    let redactions = Monitor(0)
    try inParallel(people.count) { index in
      let person = people[index]
      for number in 0..<200 {
        switch (index, number % 6) {
        case (0, _): try person.rename(room, to: "#r\(number)", second: number)
        case (3, 0): try person.rename(to: "p3x\(number)")
        case (_, 1): try person.invite(guest, to: room)
        case (_, 2) where number % 30 == 2:
          let isDone = try person.redactLast(in: room)
          redactions.withLock { $0 += isDone ? 1 : 0 }
        case (2, 3): try leavers[number / 6].part(room)
        default: try person.sayUnderItsName("\(number)", in: room)
        }
      }
    }
    // 34 invitations each, 7 times something to take back, 33 partings, 34 other nicknames; the rest is said.
    let said: Int = 3 * (200 - 34 - 7) - 33 - 34
    let counts: [String: Int] = [
      "PRIVMSG": said, "PART": 33, "INVITE": 3 * 34,
      "REDACT": redactions.withLock { $0 }, "NICK": 34,
    ]
    for person in people {
      expectItsNames(person)
      expectAll(counts, person)
    }
    #expect(registry.rooms.map(\.name) == ["#r199"])
  }

  /// Each line of the room has the name that the room has for the reader at this place; and each line about the
  /// reader the nickname that it has there.
  private func expectItsNames(_ person: Person) {
    person.outlet.runLater()
    let isCapable = person.session.capabilities.contains(.channelRename)
    var (name, nickname) = ("#r", "p\(person.member.id - 1)")
    for line in person.outlet.lines.compactMap({ try? Message(parsing: $0) }) {
      let isOwn = line.source?.name == nickname
      switch line.command {
      case "RENAME":
        #expect(isCapable && line.parameters[0] == name)
        name = line.parameters[1]
      case "NICK" where isOwn: nickname = line.parameters[0]
      case "PART": #expect(line.parameters[0] == name, "\(nickname)")
      case "JOIN" where isOwn: name = line.parameters[0]
      case "JOIN", "PRIVMSG", "REDACT", "TOPIC": #expect(line.parameters[0] == name, "\(nickname)")
      case "INVITE", "341": #expect(line.parameters[1] == name, "\(nickname)")
      case "353" where isOwn && line.parameters.count == 2:
        #expect(line.parameters == [name, nickname])
      default: break
      }
    }
    #expect(name == "#r199")
  }

  /// Each reads all that was done, but its own invitations, of which it has the answers.
  private func expectAll(_ counts: [String: Int], _ person: Person) {
    let lines = person.outlet.lines.compactMap { try? Message(parsing: $0) }
    var seen: [String: Int] = [:]
    for line in lines where line.command != "PART" || line.source?.name.first == "l" {
      seen[line.command == "341" ? "INVITE" : line.command, default: 0] += 1
    }
    for (command, count) in counts {
      #expect(seen[command] == count, "\(command) \(person.nickname)")
    }
  }

  /// operator                       speaker
  /// +b: the verdicts are old
  ///                                speaks: looked at anew, silent
  /// -b: and again
  @Test(
    "between a ban and its end nothing of the banned one stands in the room, whatever was known before"
  )
  func verdicts() throws {
    let ann = try Person(1, "ann", in: registry)
    let bob = try Person(2, "bob", in: registry)
    let room = try ann.join("#r")
    try bob.join("#r")
    try inParallel(2) { index in
      for number in 0..<400 {
        if index == 0 {
          try ann.ban("bob*", isAdding: number % 2 == 0, in: room)
        } else {
          do { try bob.say("\(number)", in: room) } catch Refusal.cannotSpeak("b") {}
        }
      }
    }
    var isBanned = false
    for line in ann.outlet.lines.compactMap({ try? Message(parsing: $0) }) {
      if line.command == "MODE" { isBanned = line.parameters[1] == "+b" }
      if line.command == "PRIVMSG" { #expect(!isBanned) }
    }
    try expectVerdicts(ann, bob, room)
  }

  private func expectVerdicts(_ ann: Person, _ bob: Person, _ room: Room) throws {
    let banned = Refusal.cannotSpeak("b")
    try bob.say("heard", in: room)
    try ann.ban("*banned", isAdding: true, in: room)
    try bob.say("heard", in: room)
    try ann.ban("bob*", isAdding: true, in: room)
    #expect(throws: banned) { try bob.say("x", in: room) }
    #expect(throws: banned) { try bob.say("x", in: room) }
    try ann.ban("*", mode: "e", isAdding: true, in: room)
    try bob.say("heard", in: room)
    try ann.ban("*", mode: "e", isAdding: false, in: room)
    #expect(throws: banned) { try bob.say("x", in: room) }
    // It keeps its name. Another name, which somebody else gives it, is another verdict.
    #expect(throws: Refusal.nicknameHeld(room: "#r")) { try bob.rename(to: "rob") }
    try ann.act(.renamePerson("bob", to: "rob"))
    try bob.say("heard", in: room)
    try bob.rename(to: "bobby")
    #expect(throws: banned) { try bob.say("x", in: room) }
    #expect(ann.outlet.lines.filter { $0.text == "heard" }.count == 4)
  }

  @Test(
    "who watches names reads, for each, coming and going in turn, while they are taken and left")
  func watching() throws {
    let names = ["x", "y", "z"]
    let watchers = try (0..<2).map { try Person(MemberID($0 + 1), "w\($0)", in: registry) }
    for watcher in watchers {
      let presence = registry.watch(names, by: watcher.session, limit: 10)
      watcher.outbox.fill(presence.reservation, with: [])
    }
    try inParallel(4) { index in
      for life in 0..<100 {
        let person = try Person(
          MemberID(100 + index * 1000 + life), "n\(index)l\(life)", in: registry)
        for step in 0..<6 {
          do { try person.rename(to: names[(index + step) % names.count]) } catch Refusal
            .nicknameInUse
          {}
        }
        person.quit()
      }
    }
    let seen = watchers.map { $0.outlet.lines.filter { $0.contains(" 73") } }
    #expect(seen[0].map { $0.replacing("w0", with: "w1") } == seen[1])
    #expect(seen[0].count > 100)
    for name in names {
      let turns = seen[0].compactMap { try? Message(parsing: $0) }
        .filter { Source($0.parameters[1]).name == name }.map(\.command)
      let expected = turns.indices.map { $0 % 2 == 0 ? "730" : "731" }
      #expect(turns == expected, "\(name)")
      #expect(turns.last == "731")
    }
  }

  private static func sequences(of person: Person) -> [Int] {
    person.outlet.runLater()
    return person.outlet.lines.compactMap { $0.messageID?.sequence }
  }
}

/// What people do with a label, as a session does it: a place is held, and filled with the label.
extension Person {
  fileprivate var labelling: Author { Author(session, isLabelling: true) }

  fileprivate func take(_ receipt: Receipt?, label: Int? = nil) {
    guard let receipt else { return }
    var bytes = receipt.bytes
    if let label { bytes = Array("@label=\(label);".utf8) + bytes.dropFirst() }
    outbox.fill(receipt.reservation, with: bytes)
  }

  fileprivate func say(_ text: String, in room: Room, label: Int) throws(Refusal) {
    let event = speech(text, to: room.name)
    take(room.speak(event, by: labelling, now: now), label: label)
    room.deliver()
  }

  fileprivate func join(_ room: String, label: Int) throws(Refusal) {
    let (view, _) = try registry.join(labelling, roomNamed: room, key: nil, now: now)
    if let join = view.join, let place = view.reservation {
      outbox.fill(place, with: Array("@label=\(label);".utf8) + join.dropFirst())
    }
    view.room.deliver()
  }

  fileprivate func setTopic(_ text: String, of room: Room, label: Int) throws(Refusal) {
    take(try room.setTopic(text, by: labelling, now: now), label: label)
    room.deliver()
  }

  fileprivate func rename(to nickname: String, label: Int) throws(Refusal) {
    let outcome = try registry.rename(labelling, to: nickname, now: now)
    take(outcome.receipts.first, label: label)
    for room in outcome.rooms { room.deliver() }
  }

  fileprivate func sayToOperators(_ text: String, in room: Room) throws(Refusal) {
    try act(.say([Self.speech(text)], in: RoomReference(room.name), to: .operating))
  }

  /// Says it in the room, whatever name that has by then.
  fileprivate func sayUnderItsName(_ text: String, in room: Room) throws(Refusal) {
    while true {
      do throws(Refusal) {
        try act(.say([Self.speech(text)], in: RoomReference(room.name), to: nil))
        return
      } catch {
        // Renamed after its name was looked at.
        if error != .noSuchRoom { throw error }
      }
    }
  }

  fileprivate func invite(_ guest: Person, to room: Room) throws(Refusal) {
    let invitation = try room.invite(guest.member, by: author, id: [], now: now)
    outbox.fill(
      invitation.reservation, with: line("341", [invitation.nickname, invitation.room]))
    room.deliver()
  }

  /// Takes back what it said last.
  ///
  /// - Returns: whether there was something, as far as it has come back.
  fileprivate func redactLast(in room: Room) throws(Refusal) -> Bool {
    // Another thread may be the one that delivers the room at the moment.
    outbox.deliver()
    outlet.runLater()
    let own = outlet.lines.last { $0.text != nil && $0.body.hasPrefix(":\(nickname) ") }
    guard let id = own?.tagValue("msgid") else { return false }
    do throws(Refusal) {
      take(try room.redact(id: id, reason: nil, by: author, now: now))
    } catch {
      // What it said since may not have come back yet: then it was this one that was taken back before.
      if error == .unknownMessage { return false }
      throw error
    }
    room.deliver()
    return true
  }

  /// - Parameter second: when; a room is not renamed in quick succession.
  fileprivate func rename(_ room: Room, to name: String, second: Int) throws(Refusal) {
    let time = Timestamp(milliseconds: 1000 * Int64(second + 1))
    let renaming = try registry.rename(room, to: name, reason: "", by: author, now: time)
    take(renaming.receipt)
    for newcomer in renaming.newcomers {
      let own = newcomer.view.own!
      let names = own.source + " 353 \(newcomer.view.name) \(own.nickname)\r\n"
      newcomer.session.outbox.fill(
        newcomer.view.reservation!, with: newcomer.lines + Array(":\(names)".utf8))
    }
    room.deliver()
  }

  fileprivate func ban(
    _ mask: String, mode: Character = "b", isAdding: Bool, in room: Room
  ) throws(Refusal) {
    let change = ModeChange(isAdding: isAdding, mode, mask)
    let outcome = try room.changeModes(
      [.list(change, try! RoomMask(mask, in: mode))], by: author, masksPerList: 10, now: now)
    take(outcome.receipt)
    room.deliver()
  }

  private func speech(_ text: String, to target: String) -> Event {
    Event(by: author, echo: .onRequest, line: line("PRIVMSG", [target], text))
  }

  private func line(_ command: String, _ middle: [String], _ trailing: String? = nil) -> [UInt8] {
    var line = LineBuffer()
    line.append(source: nickname, command, middle, trailing: trailing)
    return line.bytes
  }
}
