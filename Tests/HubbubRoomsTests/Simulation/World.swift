import HubbubLog
import HubbubThreads
import IRCWire
import TestSupport

@testable import HubbubRooms

/// A registry, a few rooms and some people in them, who do by a seed what people do.
///
/// Everything that somebody says, and every name that it takes, is numbered: p1n7 is the seventh thing that p1
/// does, which all others read in this order, in whatever rooms.
final class World: Sendable {
  private let registry = Registry.forTests()
  private let people: [Person]
  private let witnesses: [Person]
  private let firstNames: [String]

  /// What each had read when it said something: who, and how many lines. By what it said.
  private let causes = Monitor<[String: (person: Int, lines: Int)]>([:])

  /// Those who take everything at once, and so miss nothing when all is done.
  private let prompt: Set<MemberID>
  private static let rooms = ["#a", "#b", "#c"]

  init(people count: Int, _ random: inout SplitMix64) throws {
    let registry = registry
    let witnesses = try Self.rooms.enumerated().map { index, room in
      let witness = try Person(MemberID(1000 + index), "witness\(index)", in: registry)
      try witness.join(room)
      return witness
    }
    self.witnesses = witnesses
    firstNames = (0..<count).map { "p\($0)n0" }
    var prompt = Set(witnesses.map(\.member.id))
    people = try firstNames.enumerated().map { index, name in
      // Some take little at once, and nothing for a while.
      let space = Bool.random(using: &random) ? Int.max : Int.random(in: 0..<2000, using: &random)
      // Some look only at rooms that have news, as whoever is in many does.
      if space == .max { prompt.insert(MemberID(1 + index)) }
      let person = try Person(
        MemberID(1 + index), name, in: registry, room: space, few: index % 2 == 0 ? 0 : 24)
      for (room, witness) in zip(Self.rooms, witnesses) where Bool.random(using: &random) {
        let room = try person.join(room)
        if Bool.random(using: &random) { try witness.appoint(person, in: room) }
      }
      return person
    }
    self.prompt = prompt
  }

  /// What each person does, as a thread of its own.
  func lives(seed: UInt64, actions: Int) -> [@Sendable () -> Void] {
    people.indices.map { index in
      { self.live(index, actions, seed &+ UInt64(index)) }
    }
  }

  private func live(_ index: Int, _ actions: Int, _ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let person = people[index]
    for number in 1...actions {
      let cause = (index, person.outlet.lines.count)
      causes.withLock { $0["p\(index)n\(number)"] = cause }
      // Only what the person has just asked for can be refused, and then nothing was done.
      try? act(person, "p\(index)n\(number)", &random)
      guard Int.random(in: 0..<4, using: &random) == 0 else { continue }
      let other = people.randomElement(using: &random)!
      other.outlet.makeRoom(Int.random(in: 1..<600, using: &random))
    }
  }

  private func act(
    _ person: Person, _ name: String, _ random: inout SplitMix64
  ) throws(Refusal) {
    let rooms = person.member.rooms
    let room = rooms.randomElement(using: &random)
    switch (Int.random(in: 0..<16, using: &random), room) {
    case (0..<2, _): try person.rename(to: name)
    case (2, let room?) where rooms.count > 1: try person.part(room)
    case (3, _):
      let absent = Self.rooms.first { name in !rooms.contains { $0.name == name } }
      if let absent { try person.join(absent) }
    case (4, let room?): try person.say(name, in: room, labelled: true)
    case (5, _) where rooms.count > 1:
      // As one read that speaks in several rooms.
      for (index, room) in rooms.enumerated() {
        // Who is out of it meanwhile says it to the others alone.
        try? person.say("\(name).\(index)", in: room, labelled: false, delivers: false)
      }
      Room.deliver(to: rooms)
    case (5, _):
      try person.sayInPrivate(name, to: people.randomElement(using: &random)!, &random)
    case (6..<8, let room?):
      // Who may not, is refused.
      try person.act(
        .say([Person.speech(name)], in: RoomReference(room.name), to: .operating),
        isLabelling: Bool.random(using: &random))
    case (8, let room?):
      try person.kick(people.randomElement(using: &random)!, from: room)
    case (_, let room?): try person.say(name, in: room, labelled: false)
    default: break
    }
  }

  /// Lets everybody read what is left, and compares what they have read.
  ///
  /// - Returns: what is wrong; nil where nothing is.
  func fault() -> String? {
    for person in witnesses + people where prompt.contains(person.member.id) {
      person.outlet.runLater()
      let lines = person.outlet.lines.count
      person.outbox.deliver()
      if person.outlet.lines.count > lines { return "\(person.nickname) was not delivered to" }
    }
    var checker = StreamChecker()
    for (room, witness) in zip(Self.rooms, witnesses) {
      witness.readRest()
      checker.add(room, asReadBy: witness)
    }
    for (person, name) in zip(people, firstNames) {
      person.readRest()
      if person.outlet.hadTwoWriters { return "\(name) was written to by two at once" }
      if let fault = checker.fault(in: person, namedAs: String(name.dropLast())) {
        return "\(name): \(fault)"
      }
    }
    return faultInCauses()
  }
}

extension World {
  /// What somebody says is an answer to all that it had read: nobody reads that later.
  private func faultInCauses() -> String? {
    let streams = people.map { $0.outlet.lines.map(StreamChecker.said(in:)) }
    let causes = causes.withLock { $0 }
    for (reader, stream) in streams.enumerated() {
      var places: [String: Int] = [:]
      for (place, said) in stream.enumerated() { if let said { places[said.text] = place } }
      for (place, said) in stream.enumerated() {
        guard let said, let cause = causes[said.act] else { continue }
        for earlier in streams[cause.person][..<cause.lines] {
          guard let earlier, let other = places[earlier.text], other > place else { continue }
          return "p\(reader) read \(earlier.text) after its answer \(said.text)"
        }
      }
    }
    return nil
  }
}

extension Person {
  fileprivate func readRest() {
    outlet.makeRoom(.max)
    outlet.runLater()
    outbox.deliver()
    outlet.runLater()
  }

  /// - Parameter labelled: whether its own copy stands in a place that is held, and filled later.
  fileprivate func say(
    _ text: String, in room: Room, labelled: Bool, delivers: Bool = true
  ) throws(Refusal) {
    let author = Author(session, isLabelling: labelled)
    let outcome = try room.say(
      [Self.speech(text)], in: RoomReference(room.name), to: nil, by: author, now: now)
    if let receipt = outcome.receipts.first {
      Simulation.step()
      outbox.fill(receipt.reservation, with: receipt.bytes)
    }
    if delivers { room.deliver() }
  }

  /// - Parameter random: whether its own copy stands in a place that is held.
  fileprivate func sayInPrivate(
    _ text: String, to other: Person, _ random: inout SplitMix64
  ) throws(Refusal) {
    try act(
      .tell(Self.speech(text), to: other.nickname, id: Array("private-\(text)".utf8)),
      isLabelling: Bool.random(using: &random))
  }
}
