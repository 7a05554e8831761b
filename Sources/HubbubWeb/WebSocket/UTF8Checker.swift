/// Tells whether bytes that come in pieces are UTF-8 (RFC 3629), as early as that can be told. A
/// value.
struct UTF8Checker: Sendable {
  /// How many bytes of the character under way are missing.
  private var missing = 0

  /// What the next of them may be: the first after the lead byte is bound more closely, which keeps
  /// out overlong forms, surrogates and what is beyond U+10FFFF.
  private var allowed: ClosedRange<UInt8> = 0x80...0xBF

  /// Whether no character is under way.
  var isBetweenCharacters: Bool { missing == 0 }

  /// Takes the next piece.
  ///
  /// - Returns: whether it can still become UTF-8. After false the checker is of no more use.
  mutating func accepts(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    while index < bytes.count {
      // Eight at a time where all are ASCII, as most of what people write is.
      while missing == 0, index + 8 <= bytes.count,
        bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
      { index += 8 }
      guard index < bytes.count else { break }
      guard accepts(bytes[index]) else { return false }
      index += 1
    }
    return true
  }

  private mutating func accepts(_ byte: UInt8) -> Bool {
    if missing > 0 {
      guard allowed.contains(byte) else { return false }
      (missing, allowed) = (missing - 1, 0x80...0xBF)
      return true
    }
    switch byte {
    case 0x00...0x7F: break
    case 0xC2...0xDF: missing = 1
    case 0xE0: (missing, allowed) = (2, 0xA0...0xBF)
    case 0xED: (missing, allowed) = (2, 0x80...0x9F)
    case 0xE1...0xEF: missing = 2
    case 0xF0: (missing, allowed) = (3, 0x90...0xBF)
    case 0xF1...0xF3: missing = 3
    case 0xF4: (missing, allowed) = (3, 0x80...0x8F)
    default: return false
    }
    return true
  }
}
