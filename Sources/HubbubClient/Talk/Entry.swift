import IRCWire

/// One line of what happened in a room. Its texts are as they came: making them safe is the
/// renderer's.
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

  /// The server's id of the message; nil where it has none.
  var id: String?

  /// Whether it was said before we listened, and is told afterwards.
  var isHistory = false

  /// What it answers: `ann: “the first words…”`, safe to show.
  var quote: String?

  /// Whether one's own nickname is in it.
  var isMention = false

  /// Whether it waits for the connection to come back.
  var isWaiting = false

  /// Whether it was sent, and the server has not said yet that it was heard.
  var isOnItsWay = false

  /// Whether nobody knows that it arrived: `/resend` says it again.
  var isUndelivered = false

  /// Whether it is between the client and its person, and no part of what happened in the room.
  var isAside = false

  /// Whether it counts as unread: what was said, and what concerns oneself.
  var isNews: Bool { isSaid || isMention }

  /// Whether someone said something.
  var isSaid: Bool { kind == .message || kind == .action || kind == .notice }
}
