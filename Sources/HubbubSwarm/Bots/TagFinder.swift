import Glibc

/// Finds the value of one tag in the lines of a server, at no cost where it stands at the same
/// place each time.
struct TagFinder: Sendable {
  private let key: [UInt8]
  private var lastOffset = 1

  /// - Parameter key: with its `=`: `time=`.
  init(key: String) {
    self.key = Array(key.utf8)
  }

  /// Where the value begins; nil where the line has no such tag.
  mutating func value(
    in line: UnsafeRawPointer, _ newline: UnsafeRawPointer
  ) -> UnsafeRawPointer? {
    guard line.load(as: UInt8.self) == UInt8(ascii: "@") else { return nil }
    if !isKey(at: lastOffset, line, newline) {
      guard let offset = find(line, newline) else { return nil }
      lastOffset = offset
    }
    return line + lastOffset + key.count
  }

  private func isKey(
    at offset: Int, _ line: UnsafeRawPointer, _ newline: UnsafeRawPointer
  ) -> Bool {
    guard newline - line > offset + key.count else { return false }
    let before = line.load(fromByteOffset: offset - 1, as: UInt8.self)
    guard before == UInt8(ascii: "@") || before == UInt8(ascii: ";") else { return false }
    return memcmp(line + offset, key, key.count) == 0
  }

  private func find(_ line: UnsafeRawPointer, _ newline: UnsafeRawPointer) -> Int? {
    for offset in 1..<(newline - line) {
      if line.load(fromByteOffset: offset, as: UInt8.self) == UInt8(ascii: " ") { return nil }
      if isKey(at: offset, line, newline) { return offset }
    }
    return nil
  }
}
