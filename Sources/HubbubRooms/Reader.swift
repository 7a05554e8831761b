/// Who reads, as far as it decides what is read. The baton holder's.
struct Reader {
  let id: MemberID

  /// Whether it gets back what it said itself, in the place that it reads (`Cursor.wantsEcho`).
  var wantsEcho = false

  /// The highest number among the events of several rooms that were sent to it.
  var lastCrossing: UInt64

  /// Entries that were appended after a later event of several rooms than this one wait until it is clear that
  /// none of those events is still to be sent.
  var frontier: UInt64 = 0

  @inline(__always)
  func wants(_ entry: Chunk.Entry, admitted: UInt64) -> Bool {
    if entry.crossing != 0, entry.crossing != admitted { return false }
    guard entry.author == id else { return true }
    switch entry.echo {
    case .always: return true
    case .onRequest: return wantsEcho
    case .never: return false
    }
  }
}
