/// Bytes that came faster than anybody types, from a terminal that does not mark its pastes.
struct KeyBurst {
  /// Fewer bytes at once are keys.
  static let minimumBytes = 4

  /// So long after the last byte a burst is over.
  static let pause = Duration.milliseconds(15)

  private(set) var bytes: [UInt8]

  /// With those that were too many to keep.
  private(set) var count: Int

  init(_ bytes: some Collection<UInt8>) {
    self.bytes = Array(bytes)
    count = bytes.count
  }

  /// Adds what came next.
  ///
  /// - Returns: false for Ctrl-C by itself, which is a key and no part of it.
  mutating func add(_ more: some Collection<UInt8>) -> Bool {
    if more.allSatisfy({ $0 == 0x03 }) { return false }
    count += more.count
    if count <= InputDecoder.pasteLimitBytes { bytes += more }
    return true
  }

  /// What it is when it is a paste; nil for keys.
  ///
  /// Text alone is, of several lines or longer than a line of the editor. A line and Enter may be
  /// what a program types.
  ///
  /// - Parameter isContinuing: whether it follows a paste that is being asked about.
  func paste(isContinuing: Bool, lineLimit: Int) -> InputDecoder.Event? {
    guard !bytes.contains(where: Self.isControl), count >= Self.minimumBytes else { return nil }
    if count > InputDecoder.pasteLimitBytes { return .hugePaste(bytes: count) }
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
    let isPaste = isContinuing || lines.count > 1 || text.unicodeScalars.count > lineLimit
    return isPaste ? .paste(text) : nil
  }

  private static func isControl(_ byte: UInt8) -> Bool {
    byte == 0x7F || byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D
  }
}
