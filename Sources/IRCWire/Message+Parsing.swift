extension Message {
  /// Why a line is no message.
  public enum ParseError: Error, Sendable, Equatable {
    /// Nothing but spaces, or tags or a source with nothing behind them.
    case noCommand

    /// A NUL or a CR in the middle of the line: relayed, it would end somebody's line early.
    case forbiddenByte

    /// Not UTF-8. The command is given where it could be read.
    case invalidUTF8(command: String?)
  }

  /// Takes a line without its ending apart.
  ///
  /// Spaces in a row count as one, leading spaces are passed over. From the fifteenth parameter on
  /// the rest of the line is one parameter (RFC 2812 section 2.3.1).
  public init(parsing line: UnsafeRawBufferPointer) throws(ParseError) {
    var scanner = Scanner(line: line)
    self.init("")
    guard !scanner.hasForbiddenByte else { throw .forbiddenByte }
    if scanner.skip(Ascii.at) {
      tags = Tag.parse(try Self.string(scanner.word(), command: nil))
    }
    if scanner.skip(Ascii.colon) {
      source = Source(try Self.string(scanner.word(), command: nil))
    }
    command = Self.uppercased(try Self.string(scanner.word(), command: nil))
    guard !command.isEmpty else { throw .noCommand }
    while let parameter = scanner.parameter(isLast: parameters.count == 14) {
      parameters.append(try Self.string(parameter, command: command))
    }
  }

  /// The tags of a line that may be no message otherwise; none where they cannot be read.
  public static func tags(of line: UnsafeRawBufferPointer) -> [Tag] {
    var scanner = Scanner(line: line)
    guard scanner.skip(Ascii.at),
      let text = String(validating: scanner.word(), as: UTF8.self)
    else { return [] }
    return Tag.parse(text)
  }

  /// Takes a line without its ending apart. See `init(parsing:)` for bytes.
  public init(parsing line: String) throws(ParseError) {
    self = try Self.parse(Array(line.utf8))
  }

  private static func parse(_ bytes: [UInt8]) throws(ParseError) -> Message {
    let result = bytes.withUnsafeBytes { raw in
      Result { () throws(ParseError) in try Message(parsing: raw) }
    }
    return try result.get()
  }

  private static func string(
    _ bytes: UnsafeRawBufferPointer, command: String?
  ) throws(ParseError) -> String {
    // Most lines are ASCII, and `String(decoding:)` is the faster way where nothing can be wrong.
    if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
    guard let string = String(validating: bytes, as: UTF8.self) else {
      throw .invalidUTF8(command: command)
    }
    return string
  }

  private static func uppercased(_ command: String) -> String {
    guard command.utf8.contains(where: { $0 &- 0x61 < 26 }) else { return command }
    // Not `uppercased()`: that would make PRIVMSG of a word with a long s in it, and SS of a sharp
    // one.
    let bytes = command.utf8.map { $0 &- 0x61 < 26 ? $0 & ~0x20 : $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Walks over one line.
  private struct Scanner {
    let line: UnsafeRawBufferPointer
    var position = 0

    init(line: UnsafeRawBufferPointer) {
      self.line = line
      skipSpaces()
    }

    var hasForbiddenByte: Bool {
      line.contains { $0 == Ascii.null || $0 == Ascii.carriageReturn || $0 == Ascii.lineFeed }
    }

    mutating func skip(_ byte: UInt8) -> Bool {
      guard position < line.count, line[position] == byte else { return false }
      position += 1
      return true
    }

    mutating func skipSpaces() {
      while position < line.count, line[position] == Ascii.space { position += 1 }
    }

    /// What stands before the next space.
    mutating func word() -> UnsafeRawBufferPointer {
      let start = position
      while position < line.count, line[position] != Ascii.space { position += 1 }
      let word = UnsafeRawBufferPointer(rebasing: line[start..<position])
      skipSpaces()
      return word
    }

    /// The next parameter; nil at the end of the line.
    mutating func parameter(isLast: Bool) -> UnsafeRawBufferPointer? {
      guard position < line.count else { return nil }
      guard skip(Ascii.colon) || isLast else { return word() }
      defer { position = line.count }
      return UnsafeRawBufferPointer(rebasing: line[position...])
    }
  }
}
