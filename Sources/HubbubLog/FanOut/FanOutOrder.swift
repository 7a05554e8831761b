import HubbubThreads

/// In which order the members of a room are delivered to: another one for each fan-out.
///
/// A random start and a random step that has no divisor in common with their number: everybody has
/// each place equally often, and of two members each comes first equally often. (A start that moves
/// by one round a fixed circle is fair by place alone: whoever sits behind another in the circle
/// nearly always comes later.)
///
/// A value, guarded by the room's lock.
public struct FanOutOrder: Sendable {
  private var chance: SplitMix64

  /// - Parameter seed: any number.
  public init(seed: UInt64) { chance = SplitMix64(seed: seed) }

  /// The next order of this many members.
  public mutating func next(count: Int) -> Walk {
    guard count > 1 else { return Walk(start: 0, step: 0, count: count) }
    let start = random(below: count)
    var step = 1 + random(below: count - 1)
    while Self.haveCommonDivisor(step, count) { step = 1 + random(below: count - 1) }
    return Walk(start: start, step: step, count: count)
  }

  /// Heads or tails.
  public mutating func coin() -> Bool { random(below: 2) == 0 }

  /// The places of all members, each once.
  public struct Walk: Sequence, IteratorProtocol, Sendable {
    private var place: Int
    private let step: Int
    private let count: Int
    private var rest: Int

    /// - Parameter step: has no divisor in common with `count`.
    public init(start: Int, step: Int, count: Int) {
      place = start
      self.step = step
      self.count = count
      rest = count
    }

    public mutating func next() -> Int? {
      guard rest > 0 else { return nil }
      rest -= 1
      defer {
        place += step
        if place >= count { place -= count }
      }
      return place
    }
  }

  private mutating func random(below limit: Int) -> Int {
    Int(chance.next().multipliedFullWidth(by: UInt64(limit)).high)
  }

  private static func haveCommonDivisor(_ one: Int, _ other: Int) -> Bool {
    var (large, small) = (other, one)
    while small > 0 { (large, small) = (small, large % small) }
    return large > 1
  }
}
