/// Takes apart what a browser sends over a WebSocket (RFC 6455 section 5). A value for one thread,
/// without I/O: feed it what each read returned.
///
/// Nothing is copied and nothing kept but the payload of a control frame: a message is handed on in
/// pieces as it arrives, unmasked where it lies. So the memory of a connection has a bound whatever
/// a peer says of the length of its frames.
public struct WebSocketFramer: Sendable {
  public enum Event {
    /// Some more of a message, never empty; it lies in the bytes that were fed.
    case piece(UnsafeRawBufferPointer)

    /// The message is whole. An empty one has had no piece.
    case messageEnd(isText: Bool)

    /// To be answered with a pong of the same payload, of at most 125 bytes.
    case ping(UnsafeRawBufferPointer)
    case pong(UnsafeRawBufferPointer)

    /// The peer ends the connection, with the code it gave. To be answered in kind; it was the last
    /// event.
    case close(CloseCode?)

    /// The peer broke the protocol: to be told this code and why, and ended. It was the last event.
    case failed(CloseCode, String)
  }

  private let messageBytes: Int
  private var stage = Stage.firstByte

  /// The frame that is being read: its kind, whether it is its message's last, its mask, how much
  /// of its payload is missing, and how much of it was unmasked.
  private var opcode: Opcode = .continuation
  private var isFinal = false
  private var mask: UInt32 = 0
  private var missing: UInt64 = 0
  private var unmasked = 0

  /// The message that is under way, of one frame or of several; nil between messages.
  private var message: (isText: Bool, count: Int)?
  private var text = UTF8Checker()
  private var control: [UInt8] = []

  private enum Stage: Equatable {
    case firstByte
    case lengthByte

    /// This many bytes of the longer length are missing.
    case length(Int)
    case mask(Int)
    case payload

    /// After a close frame or a failure: what follows is not read.
    case ended
  }

  private enum Opcode: UInt8 {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    var isControl: Bool { rawValue & 0x8 != 0 }
  }

  /// - Parameter messageBytes: the most that a message may have, of however many frames. More:
  ///   1009.
  public init(messageBytes: Int = 64 * 1024) { self.messageBytes = messageBytes }

  /// Whether the last event has been handed out.
  public var hasEnded: Bool { stage == .ended }

  /// Takes the next bytes and hands each event that they complete to `use`, in order. The bytes are
  /// unmasked where they lie.
  ///
  /// `use` returns whether to go on; after false the remaining bytes are dropped.
  public mutating func feed(
    _ bytes: UnsafeMutableRawBufferPointer, use: (Event) throws -> Bool
  ) rethrows {
    var index = 0
    while index < bytes.count, stage != .ended {
      if stage == .payload {
        let count = Int(min(missing, UInt64(bytes.count - index)))
        let piece = UnsafeMutableRawBufferPointer(rebasing: bytes[index..<(index + count)])
        index += count
        guard try takePayload(piece, use: use) else { return }
      } else {
        let failure = takeHeader(bytes[index])
        index += 1
        if let failure {
          _ = try fail(failure, use: use)
          return
        }
      }
      // A frame without a payload is whole with its header.
      if stage == .payload, missing == 0 {
        guard try finishFrame(use: use) else { return }
      }
    }
  }

  private typealias Failure = (code: CloseCode, words: String)

  private mutating func fail(_ failure: Failure, use: (Event) throws -> Bool) rethrows -> Bool {
    stage = .ended
    return try use(.failed(failure.code, failure.words))
  }

  // MARK: The header

  private mutating func takeHeader(_ byte: UInt8) -> Failure? {
    switch stage {
    case .firstByte: return begin(byte)
    case .lengthByte: return takeLength(byte)
    case .length(let rest):
      missing = missing << 8 | UInt64(byte)
      if rest > 1 {
        stage = .length(rest - 1)
        return nil
      }
      stage = .mask(4)
      return checkLength()
    case .mask(let rest):
      mask = mask << 8 | UInt32(byte)
      stage = rest > 1 ? .mask(rest - 1) : .payload
      return nil
    case .payload, .ended: preconditionFailure("These stages have no header.")
    }
  }

  private mutating func begin(_ byte: UInt8) -> Failure? {
    guard byte & 0x70 == 0 else { return (.protocolError, "a reserved bit is set") }
    guard let opcode = Opcode(rawValue: byte & 0x0F) else {
      return (.protocolError, "this kind of frame is none")
    }
    isFinal = byte & 0x80 != 0
    if opcode.isControl {
      guard isFinal else { return (.protocolError, "a control frame comes in one piece") }
    } else if (opcode == .continuation) != (message != nil) {
      return (
        .protocolError,
        message == nil ? "there is no message to go on with" : "the message before has not ended"
      )
    } else if opcode != .continuation {
      message = (opcode == .text, 0)
      text = UTF8Checker()
    }
    (self.opcode, unmasked, mask) = (opcode, 0, 0)
    stage = .lengthByte
    return nil
  }

  private mutating func takeLength(_ byte: UInt8) -> Failure? {
    // "The server MUST close the connection upon receiving a frame that is not masked."
    guard byte & 0x80 != 0 else { return (.protocolError, "what a client sends is masked") }
    let length = byte & 0x7F
    guard length > 125 else {
      missing = UInt64(length)
      stage = .mask(4)
      return checkLength()
    }
    guard !opcode.isControl else { return (.protocolError, "the control frame is too long") }
    missing = 0
    stage = .length(length == 126 ? 2 : 8)
    return nil
  }

  private func checkLength() -> Failure? {
    // "the most significant bit MUST be 0"
    guard missing <= UInt64(Int64.max) else { return (.protocolError, "the length is none") }
    guard opcode.isControl || missing <= UInt64(messageBytes - (message?.count ?? 0)) else {
      return (.tooBig, "a message has at most \(messageBytes) bytes")
    }
    return nil
  }

  // MARK: The payload

  private mutating func takePayload(
    _ piece: UnsafeMutableRawBufferPointer, use: (Event) throws -> Bool
  ) rethrows -> Bool {
    unmask(piece)
    missing -= UInt64(piece.count)
    let piece = UnsafeRawBufferPointer(piece)
    guard !opcode.isControl else {
      control.append(contentsOf: piece)
      return true
    }
    message?.count += piece.count
    if message?.isText == true, !text.accepts(piece) {
      return try fail((.invalidText, "the text is not UTF-8"), use: use)
    }
    return try use(.piece(piece))
  }

  private mutating func unmask(_ bytes: UnsafeMutableRawBufferPointer) {
    // The four bytes of the mask, turned so that the one for the next byte of the payload is first,
    // twice, the first one lowest.
    let turned = mask << UInt32(8 * (unmasked & 3)) | mask >> UInt32(32 - 8 * (unmasked & 3))
    let word = (UInt64(turned) << 32 | UInt64(turned)).byteSwapped
    var index = 0
    while index + 8 <= bytes.count {
      let masked = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      bytes.storeBytes(of: masked ^ word.littleEndian, toByteOffset: index, as: UInt64.self)
      index += 8
    }
    while index < bytes.count {
      bytes[index] ^= UInt8(truncatingIfNeeded: word >> UInt64(8 * (index & 7)))
      index += 1
    }
    unmasked = (unmasked + bytes.count) & 3
  }

  private mutating func finishFrame(use: (Event) throws -> Bool) rethrows -> Bool {
    stage = .firstByte
    guard opcode.isControl else { return try finishMessage(use: use) }
    let payload = control
    control = []
    if opcode == .close { return try finishClose(payload, use: use) }
    return try payload.withUnsafeBytes { try use(opcode == .ping ? .ping($0) : .pong($0)) }
  }

  private mutating func finishMessage(use: (Event) throws -> Bool) rethrows -> Bool {
    guard isFinal, let message else { return true }
    self.message = nil
    guard !message.isText || text.isBetweenCharacters else {
      return try fail((.invalidText, "the text ends within a character"), use: use)
    }
    return try use(.messageEnd(isText: message.isText))
  }

  private mutating func finishClose(
    _ payload: [UInt8], use: (Event) throws -> Bool
  ) rethrows -> Bool {
    stage = .ended
    if payload.isEmpty { return try use(.close(nil)) }
    guard payload.count > 1 else {
      return try fail((.protocolError, "a code has two bytes"), use: use)
    }
    let code = CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
    guard code.canBeSent else {
      return try fail((.protocolError, "the code is none that can be sent"), use: use)
    }
    var reason = UTF8Checker()
    let isText = payload.withUnsafeBytes {
      reason.accepts(UnsafeRawBufferPointer(rebasing: $0[2...]))
    }
    guard isText, reason.isBetweenCharacters else {
      return try fail((.invalidText, "the reason is not UTF-8"), use: use)
    }
    return try use(.close(code))
  }
}
