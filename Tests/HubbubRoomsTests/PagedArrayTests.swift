import HubbubThreads
import TestSupport
import Testing

@testable import HubbubRooms

@Suite struct PagedArrayTests {
  @Test("it is what a plain array is, whatever is done to it, and so are its copies")
  func model() {
    var random = SplitMix64(seed: seed())
    for _ in 0..<50 {
      var (paged, plain) = (PagedArray<Int>(), [Int]())
      var copies: [(PagedArray<Int>, [Int])] = []
      // Grows in some rounds and shrinks in others, over the edges of pages.
      let growth = Int.random(in: 1...3, using: &random)
      for number in 0..<600 {
        switch Int.random(in: 0..<6, using: &random) {
        case 0..<growth:
          paged.append(number)
          plain.append(number)
        case 0..<5 where !plain.isEmpty:
          #expect(paged.removeLast() == plain.removeLast())
        case 5 where !plain.isEmpty:
          let index = plain.indices.randomElement(using: &random)!
          paged.update(index) { $0 += number }
          plain[index] += number
        default: break
        }
        if number % 97 == 0 { copies.append((paged, plain)) }
        #expect(paged.count == plain.count)
        #expect(paged.last == plain.last)
      }
      for (paged, plain) in copies + [(paged, plain)] {
        #expect(Array(paged) == plain)
        #expect(plain.indices.allSatisfy { paged[$0] == plain[$0] })
      }
    }
  }

  @Test("a change copies one page of an array that somebody else has a copy of")
  func sharing() {
    let snapshot = Self.array(of: 10_000)
    var changed = snapshot
    changed.update(5000) { $0 = -1 }
    #expect(Self.pagesCopied(from: snapshot, to: changed) == [5000 / 64])
    #expect(snapshot[5000] == 5000)
    var grown = snapshot
    grown.append(-1)
    #expect(Self.pagesCopied(from: snapshot, to: grown) == [10_000 / 64])
    var shrunk = snapshot
    _ = shrunk.removeLast()
    #expect(Self.pagesCopied(from: snapshot, to: shrunk) == [9_999 / 64])
  }

  @Test("a change copies nothing where nobody has a copy")
  func noCopies() {
    var array = Self.array(of: 1000)
    let before = Self.addresses(of: array)
    for index in array.indices { array.update(index) { $0 += 1 } }
    #expect(Self.addresses(of: array) == before)
  }

  private static func array(of count: Int) -> PagedArray<Int> {
    var array = PagedArray<Int>()
    for number in 0..<count { array.append(number) }
    return array
  }

  /// Where the pages are in memory: those at the same place are shared.
  private static func addresses(of array: PagedArray<Int>) -> [UnsafePointer<Int>?] {
    array.pages.map { page in page.withUnsafeBufferPointer { $0.baseAddress } }
  }

  private static func pagesCopied(
    from former: PagedArray<Int>, to latter: PagedArray<Int>
  ) -> [Int] {
    let (before, after) = (addresses(of: former), addresses(of: latter))
    return before.indices.filter { $0 >= after.count || before[$0] != after[$0] }
  }
}
