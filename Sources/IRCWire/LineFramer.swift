/// Cuts a stream of bytes into lines.
///
/// Lines end in CR LF; LF alone is accepted (RFC 1459 section 2.3, Modern IRC "Message format").
/// What clients send is cut at CR as well, for old programs and telnet end lines in many ways
/// (`Endings.any`). A value for one thread: feed it what each read returned. Lines that lie wholly
/// in one read are not copied.
public struct LineFramer: Sendable {
  /// What was cut out of the stream.
  public enum Line {
    /// A line without its ending, valid until the closure that got it returns; a line that lies
    /// wholly in the bytes that were fed, for as long as those. May be empty.
    case text(UnsafeRawBufferPointer)

    /// A line longer than the limit; the stream goes on after its ending. Its bytes, or none where
    /// they are gone already; valid until the closure that got it returns.
    case tooLong(UnsafeRawBufferPointer)
  }

  /// What ends a line.
  public enum Endings: Sendable {
    /// LF, with or without one CR before it. From a server: there a CR within a line is something
    /// that a stranger said, and what is behind it no line of the server's.
    case lineFeed

    /// CR and LF in any number and order, as other servers read it, and CR NUL (RFC 854). A run of
    /// CR, with an LF behind it or a NUL or neither, is one ending; so is LF with CR behind it.
    case any
  }

  /// The maximum length of a line after its tags, with its two-byte ending.
  public let bodyLimit: Int

  /// The maximum length of the tags, with the leading `@` and the space that ends them.
  public let tagLimit: Int

  /// How many bytes of a line without an end have been thrown away so far; 0 between lines.
  public private(set) var discardedBytes = 0

  private let endings: Endings

  /// The beginning of a line whose end has not come yet.
  private var rest: [UInt8] = []

  /// What the last line ended with, as long as more may belong to that ending.
  private var ending = Ending.closed

  private enum Ending {
    case closed
    case carriageReturn
    case lineFeed

    /// A CR behind an LF: the rest of an ending, unless an LF follows.
    case lineFeedAndReturn
  }

  /// - Parameters:
  ///   - bodyLimit: 512 for IRC.
  ///   - tagLimit: 4096 for what clients send, 8191 for what servers send (IRCv3 message-tags,
  ///     "Size limit").
  public init(bodyLimit: Int = 512, tagLimit: Int = 4096, endings: Endings = .lineFeed) {
    self.bodyLimit = bodyLimit
    self.tagLimit = tagLimit
    self.endings = endings
  }

  /// Takes the next bytes of the stream and hands each line that they complete to `use`, in order.
  ///
  /// `use` returns whether to go on; after false the remaining bytes are dropped.
  ///
  /// - Parameter endsLine: whether a line ends with the bytes, or, where there are none, has ended
  ///   with those before, though no ending says so.
  public mutating func feed(
    _ bytes: UnsafeRawBufferPointer, endsLine: Bool = false, use: (Line) throws -> Bool
  ) rethrows {
    if endsLine, bytes.isEmpty { _ = try endLine(bytes, use: use) }
    var start = 0
    while start < bytes.count {
      if ending != .closed, isOfEnding(bytes[start]) {
        start += 1
        continue
      }
      guard let end = firstEnd(in: bytes, from: start) else {
        let piece = UnsafeRawBufferPointer(rebasing: bytes[start...])
        if endsLine { _ = try endLine(piece, use: use) } else { keep(piece) }
        return
      }
      let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
      if endings == .any {
        ending = bytes[end] == Ascii.carriageReturn ? .carriageReturn : .lineFeed
      }
      start = end + 1
      guard try finish(piece, use: use) else { return }
    }
  }

  /// Whether the byte behind a line's ending is a part of it. If not, the next line begins.
  private mutating func isOfEnding(_ byte: UInt8) -> Bool {
    switch (ending, byte) {
    case (.carriageReturn, Ascii.carriageReturn), (.lineFeedAndReturn, Ascii.carriageReturn):
      return true
    case (.carriageReturn, Ascii.lineFeed): ending = .lineFeed
    case (.lineFeed, Ascii.carriageReturn): ending = .lineFeedAndReturn
    case (.carriageReturn, Ascii.null), (.lineFeedAndReturn, Ascii.null): ending = .closed
    default:
      ending = .closed
      return false
    }
    return true
  }

  /// Gives away the beginning of a line whose end has not come yet, to whoever reads the stream
  /// from here on.
  public mutating func takeRest() -> [UInt8] {
    defer { rest = [] }
    return rest
  }

  /// As with a CR LF behind the piece.
  private mutating func endLine(
    _ piece: UnsafeRawBufferPointer, use: (Line) throws -> Bool
  ) rethrows -> Bool {
    if endings == .any { ending = .lineFeed }
    return try finish(piece, use: use)
  }

  /// Completes a line with its last piece.
  private mutating func finish(
    _ piece: UnsafeRawBufferPointer, use: (Line) throws -> Bool
  ) rethrows -> Bool {
    if discardedBytes > 0 {
      discardedBytes = 0
      return try use(.tooLong(UnsafeRawBufferPointer(start: nil, count: 0)))
    }
    if rest.isEmpty { return try use(judge(piece)) }
    rest.append(contentsOf: piece)
    let line = rest
    rest = []
    return try line.withUnsafeBytes { try use(judge($0)) }
  }

  /// Keeps the beginning of a line, or throws it away when the line cannot become a valid one any
  /// more.
  private mutating func keep(_ piece: UnsafeRawBufferPointer) {
    if discardedBytes > 0 || rest.count + piece.count > tagLimit + bodyLimit {
      discardedBytes += rest.count + piece.count
      rest = []
    } else {
      rest.append(contentsOf: piece)
    }
  }

  private func judge(_ line: UnsafeRawBufferPointer) -> Line {
    let text = line.last == Ascii.carriageReturn ? line.dropLast() : line[...]
    var tagBytes = 0
    if text.first == Ascii.at {
      tagBytes = (text.firstIndex(of: Ascii.space) ?? text.count - 1) + 1
    }
    let whole = UnsafeRawBufferPointer(rebasing: text)
    let fits = tagBytes <= tagLimit && text.count - tagBytes <= bodyLimit - 2
    return fits ? .text(whole) : .tooLong(whole)
  }

  private func firstEnd(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    let other = endings == .any ? Ascii.carriageReturn : Ascii.lineFeed
    return first(Ascii.lineFeed, or: other, in: bytes, from: start)
  }

  /// Eight bytes at a time: a byte is the one looked for where `word ^ that byte` has a zero byte.
  /// The lowest bit that is set is right: where a zero is seen that is none, there is one below it.
  private func first(
    _ byte: UInt8, or other: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int
  ) -> Int? {
    let (pattern, otherPattern) = (Self.repeated(byte), Self.repeated(other))
    var index = start
    while index + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
      let zeros = Self.zeros(word ^ pattern) | Self.zeros(word ^ otherPattern)
      if zeros != 0 { return index + zeros.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < bytes.count {
      if bytes[index] == byte || bytes[index] == other { return index }
      index += 1
    }
    return nil
  }

  private static func repeated(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

  private static func zeros(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
  }
}
