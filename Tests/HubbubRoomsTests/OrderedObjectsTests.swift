import HubbubThreads
import TestSupport
import Testing

@testable import HubbubLog

@Suite struct OrderedObjectsTests {
  private final class Thing {}

  @Test("it holds what a plain list without duplicates holds, in the same order")
  func model() {
    var random = SplitMix64(seed: seed())
    let things = (0..<60).map { _ in Thing() }
    var (ordered, plain) = (OrderedObjects<Thing>(), [Thing]())
    for _ in 0..<20_000 {
      let thing = things.randomElement(using: &random)!
      if Bool.random(using: &random) {
        ordered.insert(thing)
        if !plain.contains(where: { $0 === thing }) { plain.append(thing) }
      } else {
        ordered.remove(thing)
        plain.removeAll { $0 === thing }
      }
      #expect(ordered.count == plain.count)
      #expect(ordered.contains(thing) == plain.contains { $0 === thing })
      #expect(ordered.inOrder.map { ObjectIdentifier($0) } == plain.map { ObjectIdentifier($0) })
    }
  }

  @Test("to remove all of a thousand moves fewer than a thousand", arguments: [0, 1, 2])
  func steps(order: Int) {
    let things = (0..<1000).map { _ in Thing() }
    var random = SplitMix64(seed: seed())
    var ordered = OrderedObjects<Thing>()
    for thing in things { ordered.insert(thing) }
    let leaving = [things, things.reversed(), things.shuffled(using: &random)][order]
    var moved = 0
    for thing in leaving {
      let before = ordered.slotCount
      ordered.remove(thing)
      // Only closing the gaps makes it shorter, and moves what is left.
      if ordered.slotCount < before { moved += ordered.count }
    }
    #expect(ordered.isEmpty)
    #expect(moved < things.count)
  }
}
