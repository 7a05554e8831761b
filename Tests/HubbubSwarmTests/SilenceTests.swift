import Testing

@testable import HubbubSwarm

/// Who waited, and what of that was everybody's.
@Suite struct SilenceTests {
  /// Times in milliseconds.
  ///
  /// - Parameter due: nil for when it started.
  private func passage(
    _ sender: Int, _ started: Int, _ heard: Int, due: Int? = nil
  ) -> Silence.Passage {
    .init(
      sender: sender, due: Nanoseconds(due ?? started) * 1_000_000,
      started: Nanoseconds(started) * 1_000_000, heard: Nanoseconds(heard) * 1_000_000)
  }

  private func milliseconds(_ range: Range<Nanoseconds>) -> [Int] {
    [Int(range.lowerBound / 1_000_000), Int(range.upperBound / 1_000_000)]
  }

  /// 0 and 1 say something at 10 and 20; nothing is heard before 300.
  @Test func `a stall of all begins when two wait, and ends when one is heard`() {
    let silence = Silence([passage(0, 10, 300), passage(1, 20, 301), passage(2, 400, 401)])
    #expect(silence.stalls.map(milliseconds) == [[20, 300]])
  }

  @Test func `one who waits alone is no stall`() {
    let silence = Silence([passage(0, 10, 500), passage(1, 600, 601)])
    #expect(silence.stalls.isEmpty)
    let wait = silence.longestExcess([passage(0, 10, 500)])
    #expect(wait?.length == 490_000_000)
  }

  /// Sender 0 waits from 10 to 600; from 100 to 400 nothing was heard of anybody, and sender 1 waited as well.
  @Test func `what everybody waited is taken out of what one waited`() {
    let mine = passage(0, 10, 600)
    let silence = Silence([
      passage(1, 20, 21), passage(1, 50, 51), passage(1, 100, 400), passage(1, 450, 451),
      passage(1, 500, 501), mine,
    ])
    #expect(silence.stalls.map(milliseconds) == [[100, 400]])
    // 590 less 300, and less the 49 from 451 to 500 in which only 0 waited: those are its own.
    #expect(silence.longestExcess([mine])?.length == 290_000_000)
  }

  @Test func `a wait runs from the last that was heard, if that was later`() {
    let mine = [passage(0, 0, 10), passage(0, 5, 90), passage(0, 200, 230)]
    let silence = Silence(mine)
    let wait = silence.longestExcess(mine)
    #expect(wait?.length == 80_000_000 && wait?.start == 10_000_000)
  }

  /// The machine stands still from 2 to 348: what 1 was to say at 5 is not even written before that.
  @Test func `when the whole machine stands still, whoever had something on its way is no victim`()
  {
    let mine = passage(0, 0, 350)
    let silence = Silence([mine, passage(1, 349, 351, due: 5)])
    #expect(silence.stalls.map(milliseconds) == [[5, 350]])
    #expect(silence.longestExcess([mine])?.length == 5_000_000)
  }

  /// The same for the others: they are due, written and heard meanwhile.
  @Test func `one whose message is held back while the others are heard is found all the same`() {
    let mine = passage(0, 0, 400)
    let others = (1..<40).map { passage(1 + $0 % 3, 10 * $0, 10 * $0 + 1) }
    #expect(Silence([mine] + others).longestExcess([mine])?.length == 400_000_000)
  }

  @Test func `nobody is nobody`() {
    #expect(Silence([]).stalls.isEmpty && Silence([]).longestExcess([]) == nil)
  }
}
