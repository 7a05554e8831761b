/// What is handed to the writer, in the order in which it is to hold.
enum StoreItem: Sendable {
  case entry(StoredEntry)

  /// Takes a message back: its text is to be gone.
  case redaction(MessageKey)

  /// From `first` on, ids of the stream begin with `name`. `lost`: what a crash may have taken.
  case epoch(StreamID, first: UInt64, name: String, lost: ClosedRange<UInt64>?)

  /// What an account said until a time is to be deleted, everywhere.
  case erasure(account: Int64, until: Int64)

  /// What a stream holds so far is to be deleted.
  case clearing(StreamID)

  var memoryBytes: Int {
    switch self {
    case .entry(let entry): entry.memoryBytes
    case .epoch(_, _, let name, _): 160 + name.utf8.count
    case .redaction, .erasure, .clearing: 160
    }
  }
}
