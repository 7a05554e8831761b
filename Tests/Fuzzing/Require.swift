/// Ends the program with what was found, so that the fuzzer keeps the input.
///
/// - Parameter finding: said only when the claim does not hold.
func require(_ claim: Bool, _ finding: @autoclosure () -> String) {
  if !claim { fatalError(finding()) }
}

/// An input, taken apart from its front.
struct Input {
  private var rest: UnsafeBufferPointer<UInt8>.SubSequence

  init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
    rest = UnsafeBufferPointer(start: start, count: count)[...]
  }

  /// The next byte; 0 at the end.
  mutating func byte() -> Int { Int(rest.popFirst() ?? 0) }

  /// All that is left.
  var bytes: [UInt8] { Array(rest) }

  /// All that is left, as text; what is no UTF-8 becomes U+FFFD.
  var text: String { String(decoding: rest, as: UTF8.self) }
}
