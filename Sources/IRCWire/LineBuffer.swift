/// Lines under construction: what a server writes, each line within its limit.
public struct LineBuffer: Sendable {
  public private(set) var bytes: [UInt8] = []

  /// The maximum length of a line with its ending, without its tags (RFC 2812, 2.3).
  public static let maxBytes = 512
  private let limit: Int

  /// - Parameter limit: another maximum length.
  public init(limit: Int = maxBytes) { self.limit = limit }

  public var isEmpty: Bool { bytes.isEmpty }

  /// Makes room for this many bytes in all, for an answer of many lines.
  public mutating func reserveCapacity(_ count: Int) { bytes.reserveCapacity(count) }

  /// Appends `:source COMMAND middle … :trailing`.
  ///
  /// A line that would pass the limit is cut at a character's boundary, in its last parameter.
  /// - Parameters:
  ///   - middle: none empty, none with a space or a leading colon.
  ///   - trailing: anything without CR, LF and NUL; nil for none.
  public mutating func append(
    source: String, _ command: String, _ middle: [String] = [], trailing: String? = nil
  ) {
    let start = bytes.count
    // A single line, such as a chat message, once and in full; a growing answer grows as arrays do.
    if start == 0 {
      let length = source.utf8.count + command.utf8.count + (trailing?.utf8.count ?? 0) + 8
      bytes.reserveCapacity(middle.reduce(length) { $0 + $1.utf8.count + 1 })
    }
    bytes.append(Ascii.colon)
    bytes.append(contentsOf: source.utf8)
    bytes.append(Ascii.space)
    bytes.append(contentsOf: command.utf8)
    for parameter in middle {
      bytes.append(Ascii.space)
      bytes.append(contentsOf: parameter.utf8)
    }
    if let trailing {
      bytes.append(Ascii.space)
      bytes.append(Ascii.colon)
      bytes.append(contentsOf: trailing.utf8)
    }
    Self.cut(&bytes, from: start, limit: limit)
    bytes.append(Ascii.carriageReturn)
    bytes.append(Ascii.lineFeed)
  }

  /// Appends lines that are whole, with their endings.
  public mutating func append(lines: [UInt8]) { bytes.append(contentsOf: lines) }

  /// Cuts a line that has no ending yet so that it keeps within the limit with one, at a
  /// character's boundary.
  ///
  /// - Parameter start: where the line begins.
  public static func cut(_ bytes: inout [UInt8], from start: Int, limit: Int = maxBytes) {
    var end = start + limit - 2
    guard bytes.count > end else { return }
    while end > start, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    bytes.removeSubrange(end...)
  }
}
