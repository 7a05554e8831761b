/// What is handed to the writer, in the order in which it is to hold.
enum StoreItem: Sendable {
  case entry(StoredEntry)

  /// Takes a message back: its text is to be gone.
  case redaction(MessageKey)

  /// The same of a message that only its id is known of.
  case withdrawal(StreamID, epoch: String, sequence: UInt64)

  /// From `first` on, ids of the stream begin with `name`. `lost`: what a crash may have taken.
  case epoch(StreamID, first: UInt64, name: String, lost: ClosedRange<UInt64>?)

  /// What an account said until a time is to be deleted, everywhere.
  case erasure(account: Int64, until: Int64)

  /// What a stream holds so far is to be deleted.
  case clearing(StreamID)

  /// A name leads to a stream from now on, and to no other. `origin`: what the nodes of a network
  /// know it by.
  case room(StreamID, name: String, origin: String?)

  /// Something is missing.
  case gap(StoredGap)

  /// All this is a network's history, or one server's own (nil).
  case network(StoredNetwork?)

  /// From a number on, what is said in a stream is for those who are there, or not any more.
  /// nil: nothing changes there.
  case level(StreamID, first: UInt64, isRestricted: Bool?)

  /// No name leads to the stream any more, and what it holds is to be deleted.
  case forgetting(StreamID)

  var memoryBytes: Int {
    switch self {
    case .entry(let entry): entry.memoryBytes
    case .epoch(_, _, let name, _), .room(_, let name, _), .withdrawal(_, let name, _):
      160 + name.utf8.count
    case .redaction, .erasure, .clearing, .level, .forgetting, .gap, .network: 160
    }
  }
}
