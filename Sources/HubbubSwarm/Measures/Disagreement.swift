/// How far two recipients were told the same story in a different order (M7a).
public struct Disagreement: Sendable, Equatable, Codable {
  /// Pairs of messages that the two saw the other way round.
  public private(set) var pairs = 0

  /// Messages that came after one that should have followed them.
  public private(set) var outOfPlace = 0

  /// The messages compared.
  public private(set) var messages = 0

  public init() {}

  /// Compares one recipient with the reference.
  ///
  /// - Parameter places: for each message in the order of this recipient, its place in the order of
  ///   the reference. Messages that only one of them saw are left out; that is M1's business.
  public init(places: [UInt32]) {
    messages = places.count
    var greatest: UInt32 = 0
    for place in places {
      if place < greatest { outOfPlace += 1 } else { greatest = place }
    }
    if outOfPlace > 0 { pairs = Self.inversions(places) }
  }

  static func + (left: Disagreement, right: Disagreement) -> Disagreement {
    var sum = left
    sum.pairs += right.pairs
    sum.outOfPlace += right.outOfPlace
    sum.messages += right.messages
    return sum
  }

  /// Counts the pairs out of order while merging ever longer sorted runs.
  private static func inversions(_ places: [UInt32]) -> Int {
    var from = places
    var into = places
    var count = 0
    var width = 1
    while width < from.count {
      for start in stride(from: 0, to: from.count, by: 2 * width) {
        count += merge(from, into: &into, start, width)
      }
      swap(&from, &into)
      width *= 2
    }
    return count
  }

  private static func merge(
    _ from: [UInt32], into: inout [UInt32], _ start: Int, _ width: Int
  ) -> Int {
    let middle = min(start + width, from.count)
    let end = min(start + 2 * width, from.count)
    var (left, right, count) = (start, middle, 0)
    for place in start..<end {
      if left < middle, right >= end || from[left] <= from[right] {
        into[place] = from[left]
        left += 1
      } else {
        count += middle - left
        into[place] = from[right]
        right += 1
      }
    }
    return count
  }
}
