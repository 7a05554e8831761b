import HubbubLog
import HubbubThreads
import IRCWire
import TestSupport
import Testing

@testable import HubbubRooms

/// One person's second connection comes and goes while the first one acts and others speak, their
/// threads interleaved by a seed at every lock and atomic.
@Suite struct DeviceSimulationTests {
  /// the second connection        the first one             others
  /// is the person's
  ///                              JOIN #b: both read it
  /// attaches to #a, reads from
  /// there on                                               speak in #a
  /// looks at #b: reads it already
  ///                              PART #a: both read it
  @Test("the second connection reads each room from where it came in, without a gap, once")
  func secondConnection() throws {
    for seed in UInt64(0)..<1500 {
      let fault = try DeviceWorld(seed).fault()
      try #require(fault == nil, "seed \(seed): \(fault ?? "")")
    }
  }
}

private final class DeviceWorld: Sendable {
  private let registry = Registry.forTests()
  private let witnesses: [Person]
  private let first: Person
  private let second: Person
  private let other: Person
  private let seed: UInt64
  private static let rooms = ["#a", "#b"]

  init(_ seed: UInt64) throws {
    self.seed = seed
    let registry = registry
    witnesses = try Self.rooms.enumerated().map { index, room in
      let witness = try Person(MemberID(1000 + index), "witness\(index)", in: registry)
      try witness.join(room)
      return witness
    }
    first = try Person(1, "ann", in: registry)
    try first.act(.logIn("ann"))
    other = try Person(2, "bob", in: registry)
    for person in [first, other] { try person.join("#a") }
    try other.join("#b")
    var random = SplitMix64(seed: seed)
    let space = Bool.random(using: &random) ? Int.max : Int.random(in: 0..<1000, using: &random)
    second = Person(3, of: registry, room: space)
  }

  /// Runs all of them, and says what is wrong.
  func fault() throws -> String? {
    try Scheduler(seed: seed &+ 1 << 32).run([
      { self.actAsFirst() }, { self.actAsSecond() }, { self.talk() },
    ])
    second.outlet.makeRoom(.max)
    second.outlet.runLater()
    second.outbox.deliver()
    second.outlet.runLater()
    for (room, witness) in zip(Self.rooms, witnesses) {
      if let fault = fault(in: room, witness) { return fault }
    }
    return nil
  }

  private func actAsFirst() {
    var random = SplitMix64(seed: seed)
    for number in 0..<6 {
      let rooms = first.member.rooms
      switch Int.random(in: 0..<6, using: &random) {
      case 0: _ = try? first.join(rooms.count == 2 ? "#a" : rooms.first?.name == "#a" ? "#b" : "#a")
      case 1: if let room = rooms.last { try? first.part(room) }
      case 2: try? first.rename(to: "ann\(number)")
      default:
        if let room = rooms.randomElement(using: &random) {
          try? first.say("one\(number)", in: room)
        }
      }
    }
  }

  private func actAsSecond() {
    _ = try? second.act(.logIn("ann"))
    _ = try? second.act(.changeNickname("wish"))
    _ = try? second.act(.register())
    for room in second.session.member.rooms {
      guard let view = registry.attach(second.session, to: room) else { continue }
      second.outbox.fill(view.reservation!, with: Array("ATTACHED \(room.name)\r\n".utf8))
      second.outbox.deliver()
    }
  }

  private func talk() {
    for number in 0..<8 {
      let room = registry.room(named: Self.rooms[number % 2])
      if let room { try? other.say("two\(number)", in: room) }
    }
  }

  /// What the second one has read of a room must be the end of what the person read there.
  private func fault(in room: String, _ witness: Person) -> String? {
    let name = "ann"
    var isHere = room == "#a"
    let all = Self.ids(witness.outlet.lines) { line in
      let words = line.split(separator: " ")
      let isOwn = words[1].hasPrefix(":\(name)")
      if isOwn, words[2] == "JOIN" { isHere = true }
      defer { if isOwn, words[2] == "PART" { isHere = false } }
      return isHere
    }
    let known = Set(all)
    let read = Self.ids(second.outlet.lines) { line in known.contains(Self.id(line)) }
    guard read == Array(all.suffix(read.count)) else {
      return "\(room): \(read) is not the end of \(all)"
    }
    let isIn = registry.room(named: room).map { second.session.member.rooms.contains($0) } ?? false
    let isAttached = second.outlet.lines.contains("ATTACHED \(room)")
    if isIn, !isAttached,
      !read.contains(where: { id in
        second.outlet.lines.contains { Self.id($0) == id && $0.contains(" JOIN ") }
      })
    {
      return "\(room): neither attached nor joined"
    }
    return nil
  }

  private static func id(_ line: String) -> String { String(line.prefix { $0 != " " }) }

  private static func ids(_ lines: [String], _ isWanted: (String) -> Bool) -> [String] {
    // A NICK stands in both rooms, and is read in one of them.
    lines.filter { $0.hasPrefix("@msgid=") && !$0.contains(" NICK ") && isWanted($0) }.map(id)
  }
}

extension Person {
  /// A connection that has not registered.
  fileprivate init(_ id: MemberID, of registry: Registry, room: Int) {
    let outlet = RecordingOutlet(room: room)
    let outbox = Outbox(
      reader: id, clock: registry.clock, outlet: outlet, lagLimitBytes: 1 << 20, few: 24)
    let profile = Profile(host: "host", signedOn: Timestamp(milliseconds: 0))
    let session = MemberSession(id: id, of: Member(id: id, profile: profile), outbox: outbox)
    registry.setCapabilities([.messageTags, .echoMessage], of: session)
    (self.session, self.outlet, self.registry) = (session, outlet, registry)
  }
}

extension [Room] {
  fileprivate func contains(_ room: Room) -> Bool { contains { $0 === room } }
}
