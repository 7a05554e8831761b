import Testing

@testable import HubbubSwarm

@Suite struct EvennessTests {
  @Test func `all alike is 1, 1 and 1`() throws {
    let even = try #require(Evenness([3, 3, 3, 3]))
    #expect(even.jain == 1 && even.leastShare == 1 && even.greatestShare == 1 && even.isFair)
  }

  @Test func `one who has everything leaves 1 of n`() throws {
    let uneven = try #require(Evenness([8, 0, 0, 0]))
    #expect(uneven.jain == 0.25 && uneven.leastShare == 0 && uneven.greatestShare == 4)
  }

  @Test func `1, 2 and 3 give 36 of 42`() throws {
    let uneven = try #require(Evenness([1, 2, 3]))
    #expect(abs(uneven.jain - 36.0 / 42) < 1e-12)
    #expect(uneven.leastShare == 0.5 && uneven.greatestShare == 1.5 && uneven.worstOff == 0)
  }

  /// The blind spot of Jain's index.
  @Test func `one starved of 20 hides from the index and not from the least share`() throws {
    let blind = try #require(Evenness(Array(repeating: 5, count: 19) + [0]))
    #expect(abs(blind.jain - 0.95) < 1e-12)
    #expect(blind.leastShare == 0 && blind.worstOff == 19)
    #expect(!blind.isFair)
  }

  @Test func `one of 1,000 starved passes the index and still fails the gate`() throws {
    let blind = try #require(Evenness(Array(repeating: 5, count: 999) + [0]))
    #expect(blind.jain > 0.99 && !blind.isFair)
  }

  @Test func `nothing to share has no evenness`() {
    #expect(Evenness([]) == nil && Evenness([0, 0]) == nil)
  }
}
