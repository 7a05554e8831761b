import HubbubThreads

extension SplitMix64 {
  /// A number above 0, up to 1.
  mutating func unit() -> Double {
    Double((next() >> 11) + 1) / Double(1 << 53)
  }
}
