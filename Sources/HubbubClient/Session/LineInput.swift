import Glibc

/// The lines of the standard input, as they come.
struct LineInput {
  /// A longer line comes in pieces of about this length, cut between words or at least characters:
  /// nothing of it is lost.
  private static let lineLimitBytes = 64 * 1024

  private(set) var isAtEnd = false
  private var rest: [UInt8] = []

  /// The lines that one read completes; the last one may lack its ending. nil when there was
  /// nothing.
  mutating func read() -> [String]? {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    let count = Glibc.read(0, &buffer, buffer.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return nil }
    if count <= 0 {
      isAtEnd = true
      defer { rest = [] }
      return rest.isEmpty ? nil : [Self.text(rest[...])]
    }
    rest += buffer[..<count]
    var lines: [String] = []
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(Self.text(rest[..<end]))
      rest.removeSubrange(...end)
    }
    while rest.count > Self.lineLimitBytes {
      let end = Self.cut(rest)
      lines.append(Self.text(rest[..<end]))
      rest.removeSubrange(..<end)
    }
    return lines
  }

  /// Where the first piece of a long line ends: behind its last space, or before its last
  /// character, of which more may come.
  private static func cut(_ line: [UInt8]) -> Int {
    let piece = line[..<lineLimitBytes]
    if let space = piece.lastIndex(of: UInt8(ascii: " ")) { return space + 1 }
    // What is not whole is one character as well.
    let last = String(decoding: piece.suffix(256), as: UTF8.self).last
    var end = lineLimitBytes - min(255, last?.utf8.count ?? 0)
    while end > lineLimitBytes / 2, line[end] & 0xC0 == 0x80 { end -= 1 }
    return end
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes, as: UTF8.self)
  }
}
