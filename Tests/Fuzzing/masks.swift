/// A mask matches what the plainest matcher says it does; and the fuzzer's limit of time for one input says
/// that no mask takes exponential time.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzMasks(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let parts = Input(start, count).text.split(
    separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
  let (pattern, text) = (String(parts[0]), String(parts.count > 1 ? parts[1] : ""))
  let mask = Mask(pattern)
  require(
    mask.matches(text) == plainlyMatches(pattern, text),
    "'\(pattern)' on '\(text)': \(mask.matches(text))")
  require(Mask(pattern + "*").matches(pattern), "'\(pattern)*' does not match '\(pattern)'")
  let isSource = text.utf8.count { $0 == 0x21 || $0 == 0x40 } == 0
  if isSource, !text.isEmpty {
    let full = "\(text)!\(text)@\(text)"
    for part in [text, "\(text)!\(text)", "\(text)@\(text)", full, "@\(text)"] {
      let completed = Mask(completing: part)
      require(
        completed.matches(full), "'\(part)' became '\(completed)' and does not match '\(full)'")
    }
  }
  return 0
}

/// Character by character, with a table of what matches what.
private func plainlyMatches(_ pattern: String, _ text: String) -> Bool {
  let letters = text.unicodeScalars.map(folded)
  // Whether the pattern so far matches each beginning of the text.
  var reached = [true] + letters.map { _ in false }
  for part in pattern.unicodeScalars.map(folded) {
    var next = letters.indices.map { reached[$0] && (part == "?" || part == letters[$0]) }
    next.insert(false, at: 0)
    if part == "*" {
      var isOpen = false
      next = reached.map {
        isOpen = isOpen || $0
        return isOpen
      }
    }
    reached = next
  }
  return reached.last!
}

private func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
  (0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(scalar.value + 32)! : scalar
}
