import IRCWire

/// The lines in what a browser sends: WebSocket messages in, lines out, under the same limits as on
/// TCP. A value for one thread.
///
/// A message is one line. A line's ending at its end is forgiven; one within it ends the line, and
/// what follows is the next.
public struct WebLineFramer: Sendable {
  public enum Event {
    case line(LineFramer.Line)
    case ping(UnsafeRawBufferPointer)
    case pong
    case close(CloseCode?)
    case failed(CloseCode, String)
  }

  private var frames: WebSocketFramer
  private var lines: LineFramer

  /// Whether the last piece of the message ended in a line's ending, or there was none.
  private var isAtLineStart = true

  /// - Parameters:
  ///   - bodyLimit: a line without its tags, with two bytes for an ending.
  ///   - tagLimit: the tags of a line.
  public init(bodyLimit: Int = 512, tagLimit: Int = 4096, messageBytes: Int = 64 * 1024) {
    frames = WebSocketFramer(messageBytes: messageBytes)
    lines = LineFramer(bodyLimit: bodyLimit, tagLimit: tagLimit, endings: .any)
  }

  /// Whether the last event has been handed out.
  public var hasEnded: Bool { frames.hasEnded }

  /// Takes the next bytes, which are unmasked where they lie, and hands out what they complete.
  ///
  /// `use` returns whether to go on; after false the remaining bytes are dropped.
  public mutating func feed(
    _ bytes: UnsafeMutableRawBufferPointer, use: (Event) throws -> Bool
  ) rethrows {
    var lines = self.lines
    var isAtLineStart = self.isAtLineStart
    defer { (self.lines, self.isAtLineStart) = (lines, isAtLineStart) }

    // Held until it is known whether the message ends with it: then its line need not be copied,
    // and the lines of a read are carried out together.
    var held = UnsafeRawBufferPointer(start: nil, count: 0)
    var goesOn = true
    func release(endsLine: Bool = false) throws -> Bool {
      let piece = held
      held = UnsafeRawBufferPointer(start: nil, count: 0)
      try lines.feed(piece, endsLine: endsLine) { line in
        goesOn = try use(.line(line))
        return goesOn
      }
      return goesOn
    }
    try frames.feed(bytes) { event in
      let isEnd = if case .messageEnd = event { true } else { false }
      guard try release(endsLine: isEnd && !isAtLineStart) else { return false }
      switch event {
      case .piece(let piece):
        isAtLineStart = piece.last == 0x0A || piece.last == 0x0D
        held = piece
        return true
      case .messageEnd:
        isAtLineStart = true
        return true
      case .ping(let payload): return try use(.ping(payload))
      case .pong: return try use(.pong)
      case .close(let code): return try use(.close(code))
      case .failed(let code, let words): return try use(.failed(code, words))
      }
    }
    if goesOn { _ = try release() }
  }
}
