import HubbubRooms
import HubbubWeb
import IRCWire

// What a browser's end of a WebSocket says of the connection itself.

extension Session {
  /// Answers a ping. At most one answer waits, the newest (RFC 6455 section 5.5.3), and pings count
  /// for how fast a client may send.
  ///
  /// - Returns: whether there may be more to read.
  func answer(ping payload: UnsafeRawBufferPointer) -> Bool {
    guard client.waitForTurn(self, { .question }) else { return false }
    let frame = WebFrames.pong(payload)
    pong = outbox.replace(pong, with: frame)
    countQueued(frame.count)
    return !outbox.isEnding
  }

  /// The browser ends the connection: it is answered in kind, and the session ends as with a lost
  /// connection.
  func answer(close code: CloseCode?) {
    flush()
    isClosed = true
    // It has the answer to read.
    isEndedHere = true
    outbox.enqueueLast([], closing: WebFrames.close(code ?? .normal))
    outbox.deliver()
  }
}
