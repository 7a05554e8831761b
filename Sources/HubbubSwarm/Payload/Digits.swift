/// Numbers as eight bytes of text: eight digits, or a space and seven.
enum Digits {
  static let space = UInt8(ascii: " ")

  /// Writes `first`, then the last seven digits of `value`.
  static func write(
    _ value: Int, after first: UInt8, to text: UnsafeMutableRawBufferPointer, at offset: Int
  ) {
    var rest = value
    for place in stride(from: offset + 7, to: offset, by: -1) {
      text[place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    text[offset] = first
  }

  /// Writes the digit `first`, then the last seven digits of `value`.
  static func write(
    _ first: Int, _ value: Int, to text: UnsafeMutableRawBufferPointer, at offset: Int
  ) {
    write(value, after: UInt8(ascii: "0") + UInt8(first), to: text, at: offset)
  }

  /// Reads the eight bytes at `offset`; nil if they are anything else than digits.
  ///
  /// Works on all eight at once: neighbours are added in pairs, then pairs in fours, then the
  /// fours.
  @inline(__always)
  static func read(_ text: UnsafeRawPointer, _ offset: Int, isAfterSpace: Bool) -> Int? {
    let word = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    let kind: UInt64 = isAfterSpace ? 0x3030_3030_3030_3020 : 0x3030_3030_3030_3030
    let digits = word & 0x0F0F_0F0F_0F0F_0F0F
    // Above 9 a digit plus 6 runs over into the upper half of its byte.
    guard word & 0xF0F0_F0F0_F0F0_F0F0 == kind,
      (digits &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0 == 0
    else { return nil }
    let pairs = ((digits &* 2_561) &>> 8) & 0x00FF_00FF_00FF_00FF
    let fours = ((pairs &* 6_553_601) &>> 16) & 0x0000_FFFF_0000_FFFF
    return Int((fours &* 42_949_672_960_001) &>> 32)
  }
}
