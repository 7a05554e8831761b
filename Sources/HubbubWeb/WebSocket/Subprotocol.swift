import IRCWire

/// What is spoken over a WebSocket.
public enum Subprotocol: String, Sendable {
  /// IRC, a line in each text message (IRCv3 WebSocket specification).
  case text = "text.ircv3.net"

  /// IRC, a line in each binary message.
  case binary = "binary.ircv3.net"

  /// The figures of the dashboard, one JSON object in each text message.
  case live = "hubbub.live"

  public var frames: WebFrames.Kind { self == .binary ? .binary : .text }

  /// What is spoken where a door takes these: the first that the client offers and the door knows;
  /// the door's first where nothing is offered, and then no header is answered.
  static func choose(offered: [String], among known: [Subprotocol]) -> (Subprotocol, Bool)? {
    if offered.isEmpty { return (known[0], false) }
    for name in offered {
      if let match = known.first(where: { $0.rawValue == name }) { return (match, true) }
    }
    return nil
  }
}
