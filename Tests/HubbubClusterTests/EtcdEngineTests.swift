import Testing

@testable import HubbubCluster

/// Against real servers. One after the other: each test has its own.
@Suite(.serialized)
struct EtcdEngineTests {
  @Test("all begin with what was proposed first")
  func genesis() throws {
    let server = try EtcdServer()
    let (one, two) = (EtcdEngine(server.settings()), EtcdEngine(server.settings()))
    #expect(try one.genesis(proposing: [1, 2, 3]) == [1, 2, 3])
    #expect(try two.genesis(proposing: [4, 5]) == [1, 2, 3])
    #expect(try EtcdEngine(server.settings("other")).genesis(proposing: []) == [])
  }

  @Test("a number has one member at a time, and each tenure a later epoch")
  func tenures() throws {
    let server = try EtcdServer()
    let engine = EtcdEngine(server.settings())
    let first = try engine.enter(7, card: [1], life: .seconds(60))
    let other = try engine.enter(12, card: [2], life: .seconds(60))
    #expect(first.batches == 0)
    #expect(other.epoch > first.epoch)
    #expect(throws: EngineError.taken([1])) {
      try engine.enter(7, card: [3], life: .seconds(60))
    }
    #expect(try engine.members().map(\.node) == [7, 12])
    #expect(try engine.members().map(\.card) == [[1], [2]])
    try engine.keepAlive(first)
    #expect(try engine.append([10], number: 1, in: first) != nil)
    #expect(try engine.append([11], number: 2, in: first) != nil)
    try engine.end(lease: first.lease)
    try engine.end(lease: first.lease)
    #expect(throws: EngineError.over) { try engine.keepAlive(first) }
    #expect(try engine.members().map(\.node) == [12])
    let second = try engine.enter(7, card: [4], life: .seconds(60))
    #expect(second.epoch > other.epoch)
    #expect(second.batches == 2)
    #expect(throws: EngineError.over) { try engine.append([12], number: 3, in: first) }
    #expect(try engine.append([12], number: 3, in: second) != nil)
  }
}
