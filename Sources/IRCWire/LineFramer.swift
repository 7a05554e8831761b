/// Cuts a stream of bytes into lines.
///
/// Lines end in CR LF; LF alone is accepted (RFC 1459 section 2.3, Modern IRC "Message format"). A value
/// for one thread: feed it what each read returned. Lines that lie wholly in one read are not copied.
public struct LineFramer: Sendable {
  /// What was cut out of the stream.
  public enum Line {
    /// A line without its ending, valid until the closure that got it returns. May be empty.
    case text(UnsafeRawBufferPointer)

    /// A line longer than the limit; the stream goes on after its ending. Its bytes, or none where they are gone
    /// already; valid until the closure that got it returns.
    case tooLong(UnsafeRawBufferPointer)
  }

  /// The greatest length of a line after its tags, with its two-byte ending.
  public let bodyLimit: Int

  /// The greatest length of the tags, with the leading `@` and the space that ends them.
  public let tagLimit: Int

  /// How many bytes of a line without an end have been thrown away so far; 0 between lines.
  public private(set) var discardedBytes = 0

  /// The beginning of a line whose end has not come yet.
  private var rest: [UInt8] = []

  /// - Parameters:
  ///   - bodyLimit: 512 for IRC.
  ///   - tagLimit: 4096 for what clients send, 8191 for what servers send (IRCv3 message-tags, "Size limit").
  public init(bodyLimit: Int = 512, tagLimit: Int = 4096) {
    self.bodyLimit = bodyLimit
    self.tagLimit = tagLimit
  }

  /// Takes the next bytes of the stream and hands each line that they complete to `use`, in order.
  ///
  /// `use` returns whether to go on; after false the remaining bytes are dropped.
  public mutating func feed(
    _ bytes: UnsafeRawBufferPointer, use: (Line) throws -> Bool
  ) rethrows {
    var start = 0
    while start < bytes.count {
      guard let end = firstLineFeed(in: bytes, from: start) else {
        keep(UnsafeRawBufferPointer(rebasing: bytes[start...]))
        return
      }
      let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
      start = end + 1
      guard try finish(piece, use: use) else { return }
    }
  }

  /// Gives away the beginning of a line whose end has not come yet, to whoever reads the stream from here on.
  public mutating func takeRest() -> [UInt8] {
    defer { rest = [] }
    return rest
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

  /// Keeps the beginning of a line, or throws it away when the line cannot become a valid one any more.
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

  /// Eight bytes at a time: a byte is a line feed where `word ^ 0x0A…` has a zero byte.
  private func firstLineFeed(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var index = start
    while index + 8 <= bytes.count {
      let word =
        bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
        ^ 0x0A0A_0A0A_0A0A_0A0A
      let zeros = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
      if zeros != 0 { return index + zeros.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < bytes.count {
      if bytes[index] == Ascii.lineFeed { return index }
      index += 1
    }
    return nil
  }
}
