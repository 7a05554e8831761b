import Glibc

/// Throws of a fair coin.
enum Binomial {
  /// How likely `heads` or more are of `throws`.
  static func upperTail(_ heads: Int, of throws: Int) -> Double {
    guard heads > 0 else { return 1 }
    guard heads <= `throws` else { return 0 }
    var sum = 0.0
    for count in heads...`throws` {
      let ways =
        lgamma(Double(`throws` + 1)) - lgamma(Double(count + 1))
        - lgamma(Double(`throws` - count + 1))
      sum += exp(ways - Double(`throws`) * log(2.0))
    }
    return min(sum, 1)
  }
}
