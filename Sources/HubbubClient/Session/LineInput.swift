import Glibc

/// The lines of the standard input, as they come.
struct LineInput {
  /// A longer line is cut into pieces of this length.
  private static let lineLimitBytes = 64 * 1024

  private(set) var isAtEnd = false
  private var rest: [UInt8] = []

  /// The lines that one read completes; the last one may lack its ending. nil when there was nothing.
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
    if rest.count > Self.lineLimitBytes {
      lines.append(Self.text(rest[...]))
      rest = []
    }
    return lines
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes, as: UTF8.self)
  }
}
