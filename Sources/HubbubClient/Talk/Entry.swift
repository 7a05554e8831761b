import IRCWire

/// One line of what happened in a room. Its texts are as they came: making them safe is the renderer's.
struct Entry: Equatable {
  enum Kind: Equatable {
    case message, action, notice

    /// People who came and went, one after the other with nothing said in between.
    case presence(Presence)

    /// Something that the client or the server tells.
    case information

    /// Something that did not work.
    case failure
  }

  var time: Timestamp
  var kind: Kind
  var author = ""
  var text = ""
  var isOwn = false

  /// Whether one's own nickname is in it.
  var isMention = false

  /// Whether it waits for the connection to come back.
  var isWaiting = false

  /// Whether someone said something: then it counts as unread.
  var isSaid: Bool { kind == .message || kind == .action || kind == .notice }
}
