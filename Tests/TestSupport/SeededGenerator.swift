import Glibc

/// Chance that can be had again: SplitMix64, after Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators".
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// The seed of one random test: `HUBBUB_SEED` where it is set, otherwise a new one; printed in any case.
public func seed(for test: String = #function) -> UInt64 {
  let given = getenv("HUBBUB_SEED").flatMap { UInt64(String(cString: $0)) }
  let seed = given ?? UInt64.random(in: 0...UInt64(UInt32.max))
  print("\(test): HUBBUB_SEED=\(seed)")
  return seed
}
