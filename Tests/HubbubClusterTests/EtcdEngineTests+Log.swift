import Testing

@testable import HubbubCluster

/// The log.
extension EtcdEngineTests {
  @Test("batches are read in the order in which they were appended")
  func order() throws {
    let server = try EtcdServer()
    let engine = EtcdEngine(server.settings())
    let follower = try EtcdFollower(server.settings())
    let tenures = try [1, 1023].map { try engine.enter($0, card: [9], life: .seconds(60)) }
    var expected = tenures.map { LogEntry($0.epoch, .entered($0.node, card: [9])) }
    for number in 1...20 as ClosedRange<UInt64> {
      for tenure in tenures {
        let batch = number == 5 ? [] : [UInt8](repeating: UInt8(number), count: 5_000)
        let revision = try #require(try engine.append(batch, number: number, in: tenure))
        expected.append(LogEntry(revision, .batch(tenure.node, batch)))
      }
    }
    try engine.end(lease: tenures[0].lease)
    #expect(follower.entries(43).dropLast() == expected[...])
    #expect(follower.end().last?.content == .left(1))
    let late = try EtcdFollower(server.settings(), after: expected[10].revision)
    #expect(late.entries(32).dropLast() == expected[11...])
  }

  @Test("a batch that is appended again stands once")
  func repeated() throws {
    let server = try EtcdServer()
    let engine = EtcdEngine(server.settings())
    let tenure = try engine.enter(3, card: [], life: .seconds(60))
    let first = try #require(try engine.append([1], number: 1, in: tenure))
    #expect(try engine.append([1], number: 1, in: tenure) == nil)
    #expect(throws: EngineError.strange("batch 1 of node 3 is there with another content")) {
      try engine.append([2], number: 1, in: tenure)
    }
    #expect(throws: EngineError.strange("batch 9 of node 3 was to follow, but there are 1")) {
      try engine.append([2], number: 9, in: tenure)
    }
    let second = try #require(try engine.append([2], number: 2, in: tenure))
    try engine.end(lease: tenure.lease)
    // Appended is appended, even if its tenure was over when that was asked.
    #expect(try engine.append([2], number: 2, in: tenure) == nil)
    var read: [LogEntry] = []
    try engine.follow(after: 0, patience: .seconds(10)) { entries in
      read += entries
      return read.count < 4
    }
    #expect(read.map(\.revision).prefix(3) == [tenure.epoch, first, second])
    #expect(read.map(\.content).dropFirst() == [.batch(3, [1]), .batch(3, [2]), .left(3)])
  }

  @Test("nothing is appended after a tenure's end")
  func afterTheEnd() throws {
    let server = try EtcdServer()
    let engine = EtcdEngine(server.settings())
    let tenure = try engine.enter(3, card: [], life: .seconds(60))
    try engine.end(lease: tenure.lease)
    #expect(throws: EngineError.over) { try engine.append([1], number: 1, in: tenure) }
    let next = try engine.enter(3, card: [], life: .seconds(60))
    #expect(throws: EngineError.over) { try engine.append([1], number: 1, in: tenure) }
    #expect(next.batches == 0)
  }

  @Test("a node that is not kept alive leaves after its last batch")
  func death() throws {
    let server = try EtcdServer()
    let engine = EtcdEngine(server.settings())
    let follower = try EtcdFollower(server.settings())
    let tenure = try engine.enter(3, card: [7], life: .seconds(1))
    _ = try engine.append([1], number: 1, in: tenure)
    #expect(
      follower.entries(3).map(\.content) == [.entered(3, card: [7]), .batch(3, [1]), .left(3)])
    #expect(throws: EngineError.over) { try engine.append([2], number: 2, in: tenure) }
    #expect(throws: EngineError.over) { try engine.keepAlive(tenure) }
  }

  @Test("a log in which nothing happens is silent")
  func silence() throws {
    let server = try EtcdServer()
    let engine = EtcdEngine(server.settings())
    #expect(throws: EngineError.silent) {
      try engine.follow(after: 0, patience: .milliseconds(100)) { _ in true }
    }
  }

  @Test("stop ends the call under way and all later ones")
  func stop() throws {
    let server = try EtcdServer()
    let engine = EtcdEngine(server.settings())
    let tenure = try engine.enter(3, card: [7], life: .seconds(60))
    #expect(throws: EngineError.stopped) {
      try engine.follow(after: 0, patience: .seconds(60)) { _ in
        engine.stop()
        return true
      }
    }
    #expect(throws: EngineError.stopped) { try engine.append([1], number: 1, in: tenure) }
    #expect(throws: EngineError.stopped) { try engine.members() }
    let follower = try EtcdFollower(server.settings())
    #expect(follower.entries(1).count == 1)
    #expect(follower.end().count == 1)
    #expect(follower.ending() == .stopped)
  }

  @Test("what was forgotten is said to be, with the first that is there")
  func compaction() throws {
    let server = try EtcdServer()
    let engine = EtcdEngine(server.settings())
    let tenure = try engine.enter(3, card: [7], life: .seconds(60))
    let revisions = try (1...5).map { number in
      try #require(try engine.append([UInt8(number)], number: UInt64(number), in: tenure))
    }
    try engine.compact(to: revisions[2])
    try engine.compact(to: revisions[2])
    try engine.compact(to: revisions[1])
    #expect(throws: EngineError.compacted(revisions[2])) {
      try engine.follow(after: revisions[0], patience: .seconds(60)) { _ in true }
    }
    let follower = try EtcdFollower(server.settings(), after: revisions[2] - 1)
    #expect(follower.entries(3).map(\.content) == [3, 4, 5].map { .batch(3, [$0]) })
    #expect(throws: EngineError.self) { try engine.compact(to: revisions[4] + 1) }
  }

  @Test("a full disk is a refusal")
  func noSpace() throws {
    let server = try EtcdServer(quotaBytes: 1 << 20)
    let engine = EtcdEngine(server.settings())
    let tenure = try engine.enter(3, card: [], life: .seconds(60))
    let batch = [UInt8](repeating: 7, count: 200_000)
    #expect(throws: EngineError.refused("\(engine.address): no space")) {
      for number in 1...100 as ClosedRange<UInt64> {
        _ = try engine.append(batch, number: number, in: tenure)
      }
    }
  }
}
