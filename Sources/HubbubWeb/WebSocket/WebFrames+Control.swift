import IRCWire

/// The frames that say something of the connection itself (RFC 6455 section 5.5).
extension WebFrames {
  /// The most that a control frame may carry.
  public static let controlBytes = 125

  /// The answer to a ping, with its payload.
  public static func pong(_ payload: UnsafeRawBufferPointer) -> [UInt8] {
    control(0x8A, Array(payload.prefix(controlBytes)))
  }

  public static func ping(_ payload: [UInt8] = []) -> [UInt8] {
    control(0x89, Array(payload.prefix(controlBytes)))
  }

  /// The last frame of a connection.
  ///
  /// - Parameter reason: for people; cut between characters where it does not fit.
  public static func close(_ code: CloseCode, _ reason: String = "") -> [UInt8] {
    precondition(code.canBeSent, "This code stands for an end without a close frame.")
    var bytes = [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)]
    for character in reason.unicodeScalars {
      let next = Array(String(character).utf8)
      guard bytes.count + next.count <= controlBytes else { break }
      bytes += next
    }
    return control(0x88, bytes)
  }

  private static func control(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
    [first, UInt8(payload.count)] + payload
  }
}
