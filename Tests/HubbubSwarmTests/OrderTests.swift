import HubbubThreads
import Testing

@testable import HubbubSwarm

@Suite struct OrderTests {
  @Test(arguments: [
    ([], 0, 0), ([0], 0, 0), ([0, 1, 2, 3], 0, 0), ([1, 0], 1, 1), ([0, 2, 1, 3], 1, 1),
    ([3, 2, 1, 0], 6, 3), ([1, 2, 3, 4, 0], 4, 1), ([4, 0, 1, 2, 3], 4, 4), ([2, 0, 3, 1], 3, 2),
  ])
  func `pairs that two saw the other way round are counted`(
    _ places: [UInt32], _ pairs: Int, _ outOfPlace: Int
  ) {
    let disagreement = Disagreement(places: places)
    #expect(disagreement.pairs == pairs && disagreement.outOfPlace == outOfPlace)
    #expect(disagreement.messages == places.count)
  }

  @Test func `merging counts the same pairs as comparing each with each`() {
    var random = SplitMix64(seed: 6)
    for count in [2, 3, 7, 64, 100, 129] {
      let places = (0..<UInt32(count)).shuffled(using: &random)
      var pairs = 0
      for later in places.indices {
        pairs += places[..<later].count { $0 > places[later] }
      }
      #expect(Disagreement(places: places).pairs == pairs)
    }
  }

  @Test func `a sender's own order is broken by a step back and not by a repetition or a gap`() {
    var order = SenderOrder(senders: 2)
    for (sender, number) in [(0, 1), (1, 1), (0, 2), (0, 2), (0, 5), (1, 2)] {
      order.note(sender: sender, number: number)
    }
    #expect(order.decreases == 0)
    order.note(sender: 0, number: 3)
    order.note(sender: 0, number: 4)
    #expect(order.decreases == 2)
  }

  /// Live 1 2 3 4 5; remembered 3 2 5 5: 1 lies before the oldest, 4 is missing, 5 comes twice, 3 and 2
  /// change places.
  @Test func `history is compared with what was heard live`() {
    let history = HistoryFigures(
      live: [1, 2, 3, 4, 5], history: .init(ids: [3, 2, 5, 5, 9], failure: nil))
    #expect(history.live == 5 && history.remembered == 4 && history.missing == 1)
    #expect(history.doubled == 1 && history.unheard == 1 && history.disagreement.pairs == 1)
    #expect(!history.isTrue)
    #expect(HistoryFigures(live: [1, 2], history: .init(ids: [1, 2], failure: nil)).isTrue)
  }

  @Test func `loss, doubles and strays each break completeness`() {
    var heard = Completeness()
    heard.expected = 10
    heard.distinct = 10
    #expect(heard.isComplete && heard.loss == 0)
    heard.distinct = 9
    #expect(!heard.isComplete && heard.lost == 1 && abs(heard.loss - 0.1) < 1e-12)
    heard.distinct = 10
    heard.duplicates = 1
    #expect(!heard.isComplete)
    heard.duplicates = 0
    heard.strays = 1
    #expect(!heard.isComplete)
  }
}
