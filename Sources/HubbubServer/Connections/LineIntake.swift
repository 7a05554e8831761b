import HubbubWeb
import IRCWire

/// The lines in what a client sends, whatever they come in. A value of the client's own thread.
struct LineIntake {
  private var sniffer = ProtocolSniffer()
  private var lines: LineFramer

  /// For browsers.
  private var frames: WebLineFramer?

  /// - Parameter isInFrames: whether the lines come as messages of a WebSocket.
  init(_ limits: Limits, inFrames isInFrames: Bool) {
    lines = LineFramer(bodyLimit: limits.lineBytes, tagLimit: limits.tagBytes, endings: .any)
    if isInFrames {
      frames = WebLineFramer(bodyLimit: limits.lineBytes, tagLimit: limits.tagBytes)
    }
  }

  /// How much of a line without an end was dropped so far.
  var discardedBytes: Int { lines.discardedBytes }

  /// Takes bytes apart, where they lie, and has their lines carried out.
  ///
  /// - Returns: why the connection ends with them; nil where they are in order; the session
  ///   may end it all the same.
  mutating func feed(_ bytes: UnsafeMutableRawBufferPointer, to session: Session) -> String? {
    guard frames != nil else { return feed(lines: UnsafeRawBufferPointer(bytes), to: session) }
    return feed(frames: bytes, to: session)
  }

  private mutating func feed(lines bytes: UnsafeRawBufferPointer, to session: Session) -> String? {
    if let words = sniffer.look(at: bytes) {
      session.refuse(words, .policy)
      return words
    }
    lines.feed(bytes) { session.take($0, from: bytes) }
    return nil
  }

  private mutating func feed(
    frames bytes: UnsafeMutableRawBufferPointer, to session: Session
  ) -> String? {
    var reason: String?
    frames?.feed(bytes) { event in
      switch event {
      case .line(let line): return session.take(line, from: UnsafeRawBufferPointer(bytes))
      case .ping(let payload): return session.answer(ping: payload)
      case .pong: return true
      case .close(let code):
        session.answer(close: code)
        reason = "Connection closed"
        return false
      case .failed(let code, let words):
        session.refuse("WebSocket: \(words)", code)
        return false
      }
    }
    return reason
  }
}

extension Session {
  /// Carries out a line when it is its turn.
  ///
  /// - Parameter bytes: what was read, in which the line may lie.
  /// - Returns: whether there may be more of them.
  fileprivate func take(_ line: LineFramer.Line, from bytes: UnsafeRawBufferPointer) -> Bool {
    guard client.waitForTurn(self, line) else { return false }
    handle(line, isKept: line.lies(in: bytes))
    return !isClosed && !outbox.isEnding
  }
}

extension LineFramer.Line {
  /// Whether its bytes are a part of these, and no copy.
  fileprivate func lies(in bytes: UnsafeRawBufferPointer) -> Bool {
    guard case .text(let line) = self, let start = line.baseAddress, let first = bytes.baseAddress
    else { return false }
    return start >= first && start + line.count <= first + bytes.count
  }
}
