/// Why a WebSocket ends (RFC 6455 section 7.4 and the registry it opened).
public struct CloseCode: RawRepresentable, Sendable, Hashable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The end that both wanted, as after QUIT.
  public static let normal = CloseCode(rawValue: 1000)

  /// The server stops, or the page is left.
  public static let goingAway = CloseCode(rawValue: 1001)
  public static let protocolError = CloseCode(rawValue: 1002)

  /// Text that is not UTF-8.
  public static let invalidText = CloseCode(rawValue: 1007)

  /// Banned, killed, or flooding.
  public static let policy = CloseCode(rawValue: 1008)
  public static let tooBig = CloseCode(rawValue: 1009)

  /// The server is full.
  public static let tryAgainLater = CloseCode(rawValue: 1013)

  /// Whether a frame may say it. The others stand for ends without a close frame, or for nothing.
  public var canBeSent: Bool {
    switch rawValue {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }
}
