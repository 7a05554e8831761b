import HubbubThreads
import TestSupport
import Testing

@testable import HubbubCluster

/// Whole states.
extension EtcdEngineTests {
  /// 1.3 MB: three pieces.
  private func state(_ seed: UInt64) -> [UInt8] {
    var random = SplitMix64(seed: seed)
    return (0..<1_300_000 / 8).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
  }

  private func statesKept(by engine: EtcdEngine) throws -> [Int64] {
    let range = EtcdRange(engine.keys.states, isWithoutValues: true)
    let found = try engine.ask("/v3/kv/range", range, for: EtcdRange.Answer.self).found
    return Set(found.compactMap { engine.keys.stateKey($0.key)?.revision }).sorted()
  }

  @Test("the newest two states are kept, and read back as they were")
  func states() throws {
    let server = try EtcdServer()
    let engine = EtcdEngine(server.settings())
    #expect(try engine.newestSnapshot() == nil)
    let seed = seed()
    let states = (0..<3).map { state(seed &+ $0) }
    for (index, state) in states.enumerated() {
      try engine.store(snapshot: state, at: Int64(index + 9))
    }
    let newest = try #require(try engine.newestSnapshot())
    #expect(newest.revision == 11)
    #expect(newest.bytes == states[2])
    #expect(try statesKept(by: engine) == [10, 11])
    try engine.store(snapshot: [], at: 12)
    #expect(try engine.newestSnapshot()?.bytes == [])
  }

  @Test("a state that is not whole is passed over, and goes with the next")
  func partialState() throws {
    let server = try EtcdServer()
    let engine = EtcdEngine(server.settings())
    let state = [1, 2, 3] as [UInt8]
    try engine.store(snapshot: state, at: 10)
    func put(_ value: [UInt8], at key: EtcdBytes) throws {
      _ = try engine.ask("/v3/kv/put", EtcdPut(key, value), for: EtcdNothing.self)
    }
    // Without a seal; with one, but a piece short; with all pieces, of which one is another.
    try put([1], at: engine.keys.piece(0, ofStateAt: 20))
    try put(
      EtcdSnapshotSeal(of: [1, 2], pieces: 2).text, at: engine.keys.seal(ofStateAt: 21))
    try put([1], at: engine.keys.piece(0, ofStateAt: 21))
    try put(EtcdSnapshotSeal(of: [1], pieces: 1).text, at: engine.keys.seal(ofStateAt: 22))
    try put([2], at: engine.keys.piece(0, ofStateAt: 22))
    #expect(try engine.newestSnapshot()?.revision == 10)
    #expect(try engine.newestSnapshot()?.bytes == state)
    try engine.store(snapshot: [3], at: 30)
    #expect(try engine.newestSnapshot()?.bytes == [3])
    // The one with another piece looks whole: only who reads it sees that it is not.
    #expect(try statesKept(by: engine) == [22, 30])
  }
}
