import HubbubStore
import Testing

@testable import HubbubServer

/// Which numbers of a room somebody may read, and what ids stand for.
@Suite struct HistoryRangeTests {
  private static func level(_ first: UInt64, _ isRestricted: Bool) -> StoredRoom.Level {
    StoredRoom.Level(first: first, isRestricted: isRestricted)
  }

  @Test("an open room is read as far back as it goes, a restricted one since one came")
  func ranges() {
    let level = Self.level
    func readable(_ levels: StoredRoom.Level...) -> [ClosedRange<UInt64>] {
      RememberedRoom.readable(levels, to: 50...90)
    }
    #expect(readable() == [0...90])
    #expect(readable(level(1, true)) == [0...0, 50...90])
    #expect(readable(level(10, true), level(20, false)) == [0...9, 20...90])
    #expect(readable(level(10, true), level(60, false)) == [0...9, 50...59, 60...90])
    #expect(
      readable(level(10, true), level(20, false), level(30, true)) == [0...9, 20...29, 50...90])
    // What comes after the question, its reader may be there no more to read.
    #expect(readable(level(10, true), level(95, false)) == [0...9, 50...90])
    #expect(readable(level(95, true)) == [0...90])
  }

  @Test(
    "an id is read as it was written, and in no other way",
    arguments: [
      ("a.1-7", 7), ("a-b-12", 12), ("a-07", nil), ("a-", nil), ("a", nil), ("a-+7", nil),
      ("a-0", nil), ("a-99999999999999999999999", nil),
    ] as [(String, UInt64?)])
  func ids(text: String, sequence: UInt64?) {
    #expect(MessageID(text)?.sequence == sequence)
  }
}
