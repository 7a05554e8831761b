import Glibc

/// Throws of a coin.
enum Binomial {
  /// How likely `heads` or more are of `throws`.
  ///
  /// - Parameter chance: of heads in one throw, between 0 and 1.
  static func upperTail(_ heads: Int, of throws: Int, chance: Double = 0.5) -> Double {
    guard heads > 0 else { return 1 }
    guard heads <= `throws` else { return 0 }
    var sum = 0.0
    for count in heads...`throws` {
      let ways =
        lgamma(Double(`throws` + 1)) - lgamma(Double(count + 1))
        - lgamma(Double(`throws` - count + 1))
      sum += exp(ways + Double(count) * log(chance) + Double(`throws` - count) * log(1 - chance))
    }
    return min(sum, 1)
  }
}
