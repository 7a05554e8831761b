import HubbubThreads

/// How sure a median is: drawn again from its own values.
enum Bootstrap {
  static let rounds = 400

  /// Where the median of `values` lies with a confidence of 95 percent. One value a block.
  static func range(
    ofMedian values: [Double], using random: inout SplitMix64
  ) -> ClosedRange<Double> {
    guard !values.isEmpty else { return 0...0 }
    let medians = (0..<rounds).map { _ in
      (0..<values.count).map { _ in values[Int(random.next() % UInt64(values.count))] }.sorted()
        .quantile(0.5)
    }.sorted()
    return medians.quantile(0.025)...medians.quantile(0.975)
  }
}
