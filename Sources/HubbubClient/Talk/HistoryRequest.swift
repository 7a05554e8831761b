import IRCWire

/// A question to the server about what was said before (draft/chathistory), not yet answered.
struct HistoryRequest: Equatable {
  enum Kind: Equatable {
    /// What was missed, page by page; how many lines have come so far.
    case gap(count: Int)

    /// What is to be read on entering a room for the first time.
    case fresh

    /// What came before the first line that is known: a person wants it.
    case older
  }

  var kind: Kind

  /// How many lines were asked for: fewer are the last.
  var limit: Int

  /// Whether the question named a message, which the server may have forgotten.
  var isById: Bool
  var asked: Timestamp

  /// What was said live meanwhile: it follows, so that all stands in its place.
  var held: [Message] = []
}
