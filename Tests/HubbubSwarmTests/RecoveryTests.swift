import Testing

@testable import HubbubSwarm

/// What somebody got back who was away (M10), by hand.
@Suite struct RecoveryTests {
  private func figures(
    _ before: [UInt32], _ remembered: [UInt32], _ after: [UInt32]
  ) -> RecoveryFigures {
    RecoveryFigures(
      before: before, remembered: remembered, after: after, reference: [1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test("all that was missed and given back, once and in order, is whole")
  func whole() {
    let found = figures([1, 2], [3, 4, 5], [6, 7, 8])
    #expect((found.missed, found.recovered, found.doubled) == (3, 3, 0))
    #expect(found.isWhole)
  }

  @Test("what the history gives that is heard live as well is no double")
  func overlap() {
    let found = figures([1, 2], [3, 4, 5, 6, 7], [5, 6, 7, 8])
    #expect((found.missed, found.recovered, found.doubled) == (2, 2, 0))
    #expect(found.isWhole)
  }

  @Test(
    "a message that is lost, given twice, given again, or moved is seen",
    arguments: [
      ([3, 5], 3, 2, 0, 0), ([3, 4, 4, 5], 3, 3, 1, 0), ([2, 3, 4, 5], 3, 3, 1, 0),
      ([4, 3, 5], 3, 3, 0, 1), ([], 3, 0, 0, 0),
    ] as [([UInt32], Int, Int, Int, Int)])
  func faults(remembered: [UInt32], missed: Int, recovered: Int, doubled: Int, pairs: Int) {
    let found = figures([1, 2], remembered, [6, 7, 8])
    #expect((found.missed, found.recovered, found.doubled) == (missed, recovered, doubled))
    #expect(found.disagreement.pairs == pairs)
    #expect(!found.isWhole)
  }

  @Test(
    "what is heard live twice is a double, and who hears nothing afterwards has missed the rest")
  func ends() {
    #expect(figures([1, 2, 2], [3, 4, 5], [6, 7, 8]).doubled == 1)
    let cut = figures([1, 2], [3, 4, 5, 6, 7], [])
    #expect((cut.missed, cut.recovered) == (6, 5))
    let late = figures([], [1, 2, 3], [4, 5, 6, 7, 8])
    #expect((late.missed, late.recovered) == (3, 3))
  }
}
