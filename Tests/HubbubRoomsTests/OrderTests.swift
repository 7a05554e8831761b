import HubbubThreads
import IRCWire
import Testing

@testable import HubbubRooms

/// The one order, while somebody in many rooms changes its nickname without a pause.
///
/// Publishing a NICK in many rooms takes a while, so that the others' places are taken in the middle of it.
@Suite struct OrderTests {
  let registry = Registry.forTests(roomsPerMember: 1000)

  /// ann                            bob                     the operators, both in #r, one in #b too
  ///                                NICK: in #b, not yet in 20 others
  /// @#r: 1, a private copy
  /// #r: 1
  ///                                                        read 1 of @#r, then 1 of #r
  @Test("what is said to operators keeps its place before what is said to all")
  func statusMessages() throws {
    let (ann, both, one) = try threeInRoom()
    let room = try #require(registry.room(named: "#r"))
    for operating in [both, one] {
      try ann.appoint(operating, in: room)
    }
    try whileSomebodyIsRenamed(beside: both) { round in
      let speech = Person.speech("\(round) to operators")
      // Delivered with what follows.
      _ = try registry.apply(
        Action(
          by: ann.author, at: ann.now,
          .say([speech], in: RoomReference("#r"), to: .operating)))
      _ = try room.say(
        [Person.speech("\(round) to all")], in: RoomReference(room.name), to: nil, by: ann.author,
        now: ann.now)
      room.deliver()
    }
    let expected = (1...Self.rounds).flatMap { ["\($0) to operators", "\($0) to all"] }
    for person in [both, one] { #expect(said(to: person) == expected) }
  }

  @Test("a labelled copy of what one says keeps its place before what the others say next")
  func labelled() throws {
    let (ann, both, one) = try threeInRoom()
    let room = try #require(registry.room(named: "#r"))
    let labelling = Author(both.session, isLabelling: true)
    try whileSomebodyIsRenamed(beside: both) { round in
      let receipt = try #require(
        room.speak(both.speech("\(round) labelled", to: "#r"), by: labelling, now: ann.now))
      _ = try room.say(
        [Person.speech("\(round) later")], in: RoomReference(room.name), to: nil, by: ann.author,
        now: ann.now)
      both.outbox.fill(
        receipt.reservation, with: receipt.bytes)
      room.deliver()
    }
    let expected = (1...Self.rounds).flatMap { ["\($0) labelled", "\($0) later"] }
    for person in [both, one] { #expect(said(to: person) == expected) }
  }

  @Test("a private message keeps its place before what its author says next in a room")
  func privateMessages() throws {
    let (ann, both, _) = try threeInRoom()
    let room = try #require(registry.room(named: "#r"))
    try whileSomebodyIsRenamed(beside: both) { round in
      both.outbox.enqueue(ann.speech("\(round) in private", to: "both").variants[0].line)
      _ = try room.say(
        [Person.speech("\(round) to all")], in: RoomReference(room.name), to: nil, by: ann.author,
        now: ann.now)
      room.deliver()
    }
    #expect(
      said(to: both) == (1...Self.rounds).flatMap { ["\($0) in private", "\($0) to all"] })
  }

  /// speaker                        another publisher          reader of both rooms
  /// says 1 in #r
  /// says 2 in #b
  ///                                delivers #b before #r      reads 1, then 2
  @Test("what one person says in two rooms is read in the order in which it was said")
  func twoRooms() throws {
    let (ann, both, one) = try threeInRoom()
    try ann.join("#b")
    let rooms = try ["#r", "#b"].map { try #require(registry.room(named: $0)) }
    try whileSomebodyIsRenamed(beside: one) { round in
      for (index, room) in rooms.enumerated() {
        _ = try room.say(
          [Person.speech("\(round) \(index)")], in: RoomReference(room.name), to: nil,
          by: ann.author, now: ann.now)
      }
      Room.deliver(to: rooms.reversed())
    }
    #expect(said(to: both) == (1...Self.rounds).flatMap { ["\($0) 0", "\($0) 1"] })
  }

  /// As `twoRooms`, for a reader in so many rooms that it does not look at each of them.
  @Test("and so it is for whoever is in a hundred rooms")
  func manyRooms() throws {
    let (ann, both, one) = try threeInRoom()
    try ann.join("#b")
    for number in 0..<100 { try both.join("#quiet\(number)") }
    let rooms = try ["#r", "#b"].map { try #require(registry.room(named: $0)) }
    try whileSomebodyIsRenamed(beside: one) { round in
      for (index, room) in rooms.enumerated() {
        _ = try room.say(
          [Person.speech("\(round) \(index)")], in: RoomReference(room.name), to: nil,
          by: ann.author, now: ann.now)
      }
      Room.deliver(to: rooms.reversed())
    }
    #expect(said(to: both) == (1...Self.rounds).flatMap { ["\($0) 0", "\($0) 1"] })
  }

  private static let rounds = 2000

  /// ann, one who is in #b as well, and one who is not; all in #r.
  private func threeInRoom() throws -> (Person, Person, Person) {
    let ann = try Person(3, "ann", in: registry, capabilities: [])
    let both = try Person(1, "both", in: registry, capabilities: [.echoMessage])
    let one = try Person(4, "one", in: registry, capabilities: [])
    for person in [ann, both, one] { try person.join("#r") }
    try both.join("#b")
    return (ann, both, one)
  }

  /// Takes `step` again and again while somebody in #b and in 20 other rooms is renamed without a pause.
  private func whileSomebodyIsRenamed(
    beside neighbour: Person, _ step: (Int) throws -> Void
  ) throws {
    let bob = try Person(2, "bob0", in: registry, capabilities: [])
    for name in ["#b"] + (0..<20).map({ "#x\($0)" }) { try bob.join(name) }
    let crowd = try #require(registry.room(named: "#b"))
    let isClosed = Monitor(false)
    let renaming = try NamedThread(name: "bob") {
      var number = 0
      while !isClosed.withLock({ $0 }) {
        number += 1
        // Nobody else has such a name.
        _ = try! registry.rename(bob.author, to: "bob\(number)", now: bob.now)
        crowd.deliver()
      }
    }
    defer {
      isClosed.withLock { $0 = true }
      renaming.join()
    }
    for round in 1...Self.rounds { try step(round) }
  }

  private func said(to person: Person) -> [String] {
    person.outbox.deliver()
    person.outlet.runLater()
    return person.outlet.lines.compactMap(\.text)
  }
}

extension Person {
  fileprivate func speech(_ text: String, to target: String) -> Event {
    var line = LineBuffer()
    line.append(source: source, "PRIVMSG", [target], trailing: text)
    return Event(by: author, echo: .onRequest, line: line.bytes)
  }
}
