/// Chance that can be repeated: the same seed gives the same numbers on every machine.
///
/// SplitMix64 by Steele, Lea and Flood (2014): small, fast, and good enough to place messages in
/// time.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) {
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number above 0, up to 1.
  mutating func unit() -> Double {
    Double((next() >> 11) + 1) / Double(1 << 53)
  }

  /// A generator of its own for the `index`th bot, so that bots do not depend on each other's
  /// draws.
  func derived(_ index: Int) -> SeededRandom {
    var mixer = SeededRandom(seed: state &+ UInt64(index + 1) &* 0xD1B5_4A32_D192_ED03)
    return SeededRandom(seed: mixer.next())
  }
}
