import IRCWire
import Testing

@testable import HubbubLog
@testable import HubbubRooms

@Suite struct SamplerTests {
  let registry = Registry.forTests()

  @Test("a record says who is always first, who is always last, and who never got it")
  func record() throws {
    var record = FanOutRecord()
    for member in 1...3 { record.expect(MemberID(member)) }
    for _ in 0..<10 {
      record.add([
        (member: 2, delay: .microseconds(300)), (member: 1, delay: .microseconds(100)),
        (member: 3, delay: .microseconds(200)),
      ])
    }
    #expect(record.places[1]?.meanPosition == 0)
    #expect(record.places[3]?.meanPosition == 0.5)
    #expect(record.places[2]?.meanPosition == 1)
    #expect(record.places[4] == nil)
    #expect(record.spread(atShare: 0.5) == .microseconds(200))
    record.add([(member: 1, delay: .microseconds(5))])
    #expect(record.places[1]?.samples == 10, "one alone has no position")
  }

  /// 20 take turns, a message each 2 ms. Samples at equal distances of 50 ms met only four of them.
  @Test("people who take turns are met alike, whatever the length of a round")
  func turns() throws {
    let sampler = FanOutSampler()
    for member in 0..<20 { sampler.expect(MemberID(member)) }
    var met = [Int](repeating: 0, count: 20)
    for sequence in 1...UInt64(40_000) {
      sampler.consider(sequence, milliseconds: Int64(10_000 + 2 * sequence))
      let isMet = sampler.entry(above: sequence - 1, below: sequence + 1) != 0
      met[Int(sequence % 20)] += isMet ? 1 : 0
    }
    let mean = Double(met.reduce(0, +)) / 20
    // The time between two samples is 50 ms on average.
    #expect((1_450...1_650).contains(met.reduce(0, +)))
    #expect(met.allSatisfy { abs(Double($0) - mean) < mean / 2 }, "\(met)")
  }

  @Test("in a large room a sample is of some of the people, and everybody's turn comes as often")
  func largeRoom() throws {
    let sampler = FanOutSampler()
    let members = (0..<2560).map { MemberID($0) }
    for member in members { sampler.expect(member) }
    for sequence in 1...200 {
      sampler.consider(UInt64(sequence), milliseconds: Int64(10_000 + 100 * sequence))
      for member in members { sampler.note(UInt64(sequence), passedBy: member) }
    }
    let samples = members.map { sampler.record.places[$0]!.samples }
    // The last sample is not worked up yet.
    let perSample = Double(samples.reduce(0, +)) / 199
    #expect((200...320).contains(perSample))
    #expect(samples.allSatisfy { (5...40).contains($0) })
  }

  @Test(
    "a room's samples count every member whose connection took the entry, and a lag is a subtraction"
  )
  func room() throws {
    let ann = try Person(1, "ann", in: registry)
    let slow = try Person(2, "slow", in: registry, room: 0)
    let bob = try Person(3, "bob", in: registry)
    let room = try ann.join("#r")
    try slow.join("#r")
    try bob.join("#r")
    let line = Array(":ann PRIVMSG #r :0123456789\r\n".utf8)
    for number in 0..<5 {
      let now = Timestamp(milliseconds: Int64(10_000 + 1000 * number))
      _ = room.speak(
        Event(author: 1, echo: .onRequest, line: line), by: ann.author, now: now)
      room.deliver()
    }
    let inside = room.inside()
    #expect(inside.sequence == 8)
    let places = Dictionary(
      uniqueKeysWithValues: inside.members.map { ($0.nickname, $0) })
    #expect(places["bob"]?.lagMessages == 0)
    #expect(places["bob"]?.place.samples ?? 0 >= 4)
    #expect(places["slow"]?.place.samples == 0)
    #expect(places["slow"]?.isBlocked == true)
    #expect(places["slow"]?.lagMessages == 7)
    #expect(inside.maxLagBytes == places["slow"]?.lagBytes)
    slow.outlet.makeRoom(.max)
    #expect(room.inside().maxLagBytes == 0)
  }

  @Test("the shares of what is said in a room are exact")
  func shares() throws {
    let people = try (1...3).map { try Person(MemberID($0), "p\($0)", in: registry) }
    for person in people { try person.join("#r") }
    let room = try #require(registry.room(named: "#r"))
    #expect(room.inside().members.allSatisfy { $0.share == 0 })
    for number in 0..<8 { try people[number < 6 ? 0 : 1].say("\(number)", in: room) }
    let shares = room.inside().members.sorted { $0.id < $1.id }.map(\.share)
    #expect(shares == [0.75, 0.25, 0])
  }
}
