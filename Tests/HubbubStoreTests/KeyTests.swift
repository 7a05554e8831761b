import Testing

@testable import HubbubStore

@Suite struct KeyTests {
  @Test("a key holds its stream and its number, and sorts by both")
  func keys() {
    let table: [(Int64, UInt64)] = [
      (1, 0), (1, 1), (1, MessageKey.maxSequence), (2, 0), (2, 7), (StreamID.max, 0),
      (StreamID.max, MessageKey.maxSequence),
    ]
    let keys = table.map { MessageKey(stream($0.0), $0.1) }
    #expect(keys == keys.sorted() && Set(keys).count == keys.count)
    for (key, (number, sequence)) in zip(keys, table) {
      #expect(key.stream == stream(number) && key.sequence == sequence)
      #expect(MessageKey(stored: key.rawValue) == key)
    }
    // There is a key behind the last.
    #expect(keys.last!.rawValue < Int64.max)
  }

  @Test("what a file with flipped bytes says is no key")
  func wrongKeys() {
    let table: [Int64] = [0, -1, 1, .max, .min, 1 << 36 - 1]
    for wrong in table {
      #expect(MessageKey(stored: wrong) == nil, "\(wrong)")
    }
  }
}
