import IRCWire

/// The form in which a client reads a room's log: those of its capabilities that change the bytes.
///
/// A room keeps one log for each rendition that some member uses, so that an event is encoded once
/// for each of them and never once for each member.
public struct Rendition: Hashable, Sendable {
  let capabilities: Capability

  /// The capabilities that change a byte of what a room's log holds.
  private static let relevant: Capability = [
    .messageTags, .serverTime, .accountTag, .accountNotify, .extendedJoin, .awayNotify,
    .changeHost, .setName, .inviteNotify, .multiline, .channelRename, .messageRedaction,
    .relayMessage, .bareTerminal, .webText, .webBinary,
  ]

  /// Whether redactions of messages are a part of it.
  var showsRedactions: Bool { capabilities.contains(.messageRedaction) }

  /// Whether another name of the room is a part of it, and not a farewell and a new room.
  var showsRenames: Bool { capabilities.contains(.channelRename) }

  /// Whether it is text for a person, and no protocol.
  var isText: Bool { capabilities.contains(.bareTerminal) }

  /// In what frames its lines are read; nil where they are read as they are.
  var frames: WebFrames.Kind? { Self.frames(of: capabilities) }

  /// In what frames somebody with these capabilities reads.
  public static func frames(of capabilities: Capability) -> WebFrames.Kind? {
    if capabilities.contains(.webText) { return .text }
    return capabilities.contains(.webBinary) ? .binary : nil
  }

  public init(of capabilities: Capability) {
    var understood = capabilities.intersection(Self.relevant)
    // A message of several lines is a batch of tagged lines.
    if !capabilities.isSuperset(of: [.batch, .messageTags]) { understood.remove(.multiline) }
    // Whoever understands tags gets every tag.
    if understood.contains(.messageTags) { understood.remove(.relayMessage) }
    self.capabilities = understood
  }

  /// Appends lines of the protocol as a person reads them.
  public static func appendText(of lines: [UInt8], to bytes: inout [UInt8]) {
    lines.withUnsafeBytes { raw in
      for line in raw.split(separator: UInt8(ascii: "\n")) where line.count > 1 {
        let text = UnsafeRawBufferPointer(rebasing: line.dropLast())
        // What the server wrote itself is always a message.
        guard let message = try? Message(parsing: text) else { continue }
        bytes.append(contentsOf: TerminalText.line(message))
      }
    }
  }
}
