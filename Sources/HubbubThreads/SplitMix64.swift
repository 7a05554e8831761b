/// Chance that can be repeated: the same seed gives the same numbers on every machine.
///
/// SplitMix64, after Steele, Lea and Flood, "Fast splittable pseudorandom number generators"
/// (2014): small, fast, and good enough to place messages in time and to choose an order. A value.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// - Parameter seed: any number.
  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A generator of its own for the `index`th of several, so that they do not depend on each
  /// other's draws.
  public func derived(_ index: Int) -> SplitMix64 {
    var mixer = SplitMix64(seed: state &+ UInt64(index + 1) &* 0xD1B5_4A32_D192_ED03)
    return SplitMix64(seed: mixer.next())
  }
}
