import HubbubThreads
import TestSupport

extension SplitMix64 {
  /// Between none and `count` of `alphabet`.
  mutating func string(of alphabet: [Unicode.Scalar], upTo count: Int) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...count, using: &self) {
      text.append(alphabet.randomElement(using: &self)!)
    }
    return String(text)
  }
}
