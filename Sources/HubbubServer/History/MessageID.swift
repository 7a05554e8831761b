import HubbubStore

/// A message id taken apart: `<epoch>-<sequence>`.
struct MessageID {
  let epoch: String
  let sequence: UInt64

  /// - Returns: nil for what none of this server's rooms has given.
  init?(_ text: String) {
    guard let mark = text.utf8.lastIndex(of: UInt8(ascii: "-")) else { return nil }
    let digits = text.utf8[text.utf8.index(after: mark)...]
    // As it was written: no sign, no leading zero, or one message would have several ids.
    guard let first = digits.first, (0x31...0x39).contains(first),
      digits.allSatisfy({ (0x30...0x39).contains($0) }), let sequence = UInt64(Substring(digits)),
      sequence <= MessageKey.maxSequence
    else { return nil }
    epoch = String(text[..<mark])
    self.sequence = sequence
  }
}
