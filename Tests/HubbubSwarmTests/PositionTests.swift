import HubbubThreads
import Testing

@testable import HubbubSwarm

@Suite struct PositionTests {
  @Test func `always the same order is 1`() throws {
    let bias = try #require(PositionBias(table([1, 2, 3], [11, 12, 13], [21, 22, 23])))
    #expect(bias.concordance == 1)
    #expect(bias.meanRanks == [1, 2, 3])
    #expect(bias.firstShares == [1, 0, 0] && bias.lastShares == [0, 0, 1])
  }

  @Test func `every order in turn is 0`() throws {
    let bias = try #require(PositionBias(table([1, 2, 3], [2, 3, 1], [3, 1, 2])))
    #expect(abs(bias.concordance) < 1e-12)
    #expect(bias.meanRanks == [2, 2, 2])
    #expect(bias.places.allSatisfy { $0.allSatisfy { abs($0 - 1.0 / 3) < 1e-12 } })
  }

  /// R = (2, 5, 5), N = 2, k = 3, mean 4: S = 6, W = 12·6 / (4·24) = 0.75.
  @Test func `two messages, the last two swapped, is three quarters`() throws {
    let bias = try #require(PositionBias(table([1, 2, 3], [1, 3, 2])))
    #expect(abs(bias.concordance - 0.75) < 1e-12)
  }

  /// Ranks (1, 2.5, 2.5) twice: R = (2, 5, 5), S = 6; T = 2·(8 − 2) = 12;
  /// W = 12·6 / (4·24 − 2·12) = 72 / 72 = 1: as much agreement as such ties allow.
  @Test func `those that tie share their places, and the ties are taken out of the whole`() throws {
    let bias = try #require(PositionBias(table([1, 2, 2], [1, 2, 2])))
    #expect(abs(bias.concordance - 1) < 1e-12)
    #expect(bias.meanRanks == [1, 2.5, 2.5])
    #expect(bias.places[1] == [0, 0.5, 0.5])
  }

  @Test func `all tied, or nothing to rank, favours nobody`() throws {
    #expect(try #require(PositionBias(table([4, 4], [5, 5]))).concordance == 0)
    #expect(PositionBias(ArrivalTable(recipients: 3)) == nil)
    #expect(PositionBias(table([4])) == nil)
  }

  @Test func `chance gives about one over the messages`() throws {
    var random = SplitMix64(seed: 11)
    var chance = ArrivalTable(recipients: 20)
    for _ in 0..<400 {
      chance.append((0..<20).map { _ in Nanoseconds(random.next() >> 16) })
    }
    let bias = try #require(PositionBias(chance))
    #expect(bias.concordance < 0.01)
  }

  @Test func `many places are put together, and nothing is lost`() throws {
    var wide = ArrivalTable(recipients: 100)
    wide.append((0..<100).map { Nanoseconds($0) })
    let bias = try #require(PositionBias(wide))
    #expect(bias.places.allSatisfy { $0.count == PositionBias.greatestColumns })
    #expect(bias.places.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-9 })
    #expect(bias.places[0][0] == 1 && bias.places[99][PositionBias.greatestColumns - 1] == 1)
    #expect(bias.firstShares[0] == 1 && bias.lastShares[99] == 1)
  }

  @Test func `the spread runs from the first to the last to hear`() throws {
    let spread = try #require(
      FanOutSpread(table([1_000, 3_000, 2_000], [5_000, 5_000, 5_000], [0, 9_000, 1_000])))
    #expect(spread.p50 == 2 && spread.greatest == 9 && spread.p99 == 9 && spread.perRecipient == 1)
  }

  private func table(_ rows: [Nanoseconds]...) -> ArrivalTable {
    var table = ArrivalTable(recipients: rows[0].count)
    for row in rows { table.append(row) }
    return table
  }
}
