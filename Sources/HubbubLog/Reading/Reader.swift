/// Who reads, as far as it decides what is read. The baton holder's.
struct Reader {
  let id: ReaderID

  /// The stamp of the last entry of several rooms that was passed.
  private var lastShared: UInt64 = 0

  init(id: ReaderID) { self.id = id }

  /// Passes an entry, and says whether the reader gets it.
  ///
  /// An entry of several rooms is passed once, in the first of them. Such entries are published one
  /// after the other, so none is dropped because a later one was passed already.
  ///
  /// - Parameter wantsEcho: whether it gets back what it said itself.
  @inline(__always)
  mutating func passes(_ entry: Chunk.Entry, wantsEcho: Bool) -> Bool {
    if entry.isShared {
      guard entry.stamp > lastShared else { return false }
      lastShared = entry.stamp
    }
    guard entry.author == id else { return true }
    switch entry.echo {
    case .always: return true
    case .onRequest: return wantsEcho
    case .never: return false
    }
  }
}
