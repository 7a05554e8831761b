import HubbubBytes
import HubbubRooms
import HubbubThreads
import IRCWire
import TestSupport
import Testing

@testable import HubbubCluster

@Suite struct BatchTests {
  @Test("a batch is read as it was written")
  func roundTrip() throws {
    let batch = Batch(
      node: 3, epoch: 1 << 40, number: .max, time: -1,
      check: StateCheck.Digest(revision: 9, digest: .max), actions: [[], [1, 2, 3]])
    #expect(try Batch(batch.bytes) == batch)
  }

  @Test("whatever byte of a batch is damaged, it is refused")
  func damage() throws {
    let bytes = Batch(node: 1, epoch: 2, number: 3, time: 4, actions: [[5, 6], [7]]).bytes
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 0x40
      #expect(throws: ByteReader.Malformed.self) { try Batch(damaged) }
      #expect(throws: ByteReader.Malformed.self) { try Batch(Array(bytes[..<place])) }
    }
  }

  @Test("a node's card is read as it was written, and says what differs")
  func card() throws {
    let card = NodeCard(
      name: "one.example", version: "1", terms: [.init("b", "2"), .init("a", "1")],
      time: Timestamp(milliseconds: 7))
    #expect(try NodeCard(card.bytes) == card)
    var other = card
    other.name = "two.example"
    other.terms = [.init("a", "1"), .init("b", "3"), .init("c", "4")]
    #expect(
      card.differences(from: other) == [
        "b is 2 here and 3 at two.example", "c is not there here and 4 at two.example",
      ])
    #expect(card.differences(from: card).isEmpty)
  }

  @Test("random bytes are no action, and nothing worse happens")
  func noise() {
    let seed = seed()
    var random = SplitMix64(seed: seed)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0..<64, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      // It may be an action by accident.
      _ = try? RecordedAction(bytes[...])
    }
  }
}
