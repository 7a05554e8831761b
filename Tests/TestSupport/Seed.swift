import Glibc

/// The seed of one random test: `HUBBUB_SEED` where it is set, otherwise a new one; printed in any
/// case.
public func seed(for test: String = #function) -> UInt64 {
  let given = getenv("HUBBUB_SEED").flatMap { UInt64(String(cString: $0)) }
  let seed = given ?? UInt64.random(in: 0...UInt64(UInt32.max))
  print("\(test): HUBBUB_SEED=\(seed)")
  return seed
}
