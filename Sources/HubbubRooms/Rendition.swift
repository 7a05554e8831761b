import IRCWire

/// The form in which a client reads a room's log: those of its capabilities that change the bytes.
///
/// A room keeps one log for each rendition that some member uses, so that an event is encoded once for
/// each of them and never once for each member.
public struct Rendition: Hashable, Sendable {
  let capabilities: Capability

  /// The capabilities that change a byte of what a room's log holds.
  private static let relevant: Capability = [.messageTags, .serverTime]

  /// Whether message ids are a part of it.
  var showsIDs: Bool { capabilities.contains(.messageTags) }

  public init(of capabilities: Capability) {
    self.capabilities = capabilities.intersection(Self.relevant)
  }
}
