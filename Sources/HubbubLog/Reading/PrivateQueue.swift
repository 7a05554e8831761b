import DequeModule

/// What is for one reader alone, and the rooms it reads, until the baton's holder takes them over.
///
/// A value; guarded by the lock of the reader's `Outbox`.
struct PrivateQueue {
  private var items: Deque<PrivateItem> = []
  private var lastNumber: UInt64 = 0

  /// All cursors that are attached and not read to their end.
  private(set) var cursors: [Cursor] = []

  /// Counts the changes of `cursors`.
  private(set) var cursorChanges = 0

  /// The places of so many items are kept when they have left.
  static let keptItems = 64

  /// Whether nothing leaves any more.
  private var isRetired = false

  /// Why the connection is being ended.
  var ending: Outbox.Ending?

  mutating func attach(_ cursor: Cursor) {
    cursorChanges += 1
    cursors.append(cursor)
  }

  /// Ends a cursor after the last entry. One in which there is nothing to read goes at once.
  mutating func close(_ cursor: Cursor) {
    cursor.finish()
    if cursor.isEmpty { return detach([ObjectIdentifier(cursor)]) }
    // It may have been read to its end before this was known: somebody must look at it once more.
    cursorChanges += 1
  }

  /// Takes these cursors out.
  mutating func detach(_ finished: Set<ObjectIdentifier>) {
    cursorChanges += 1
    cursors.removeAll { finished.contains(ObjectIdentifier($0)) }
  }

  /// Puts an item at the end.
  ///
  /// - Parameters:
  ///   - block: nil reserves the place; `fill` must follow.
  ///   - stamp: the last stamp that was drawn.
  ///   - isLast: whether nothing at all is sent after it.
  /// - Returns: its number, by which it is filled.
  @discardableResult
  mutating func append(_ block: Block?, at stamp: UInt64, isLast: Bool = false) -> UInt64 {
    lastNumber += 1
    // Somebody may still know it.
    if isRetired { return lastNumber }
    items.append(PrivateItem(number: lastNumber, block: block, isLast: isLast, stamp: stamp))
    return lastNumber
  }

  mutating func fill(_ number: UInt64, with block: Block) {
    // Whoever renames a room fills places of others, who may have gone meanwhile.
    if isRetired { return }
    // Numbers follow one another, and items leave at the front alone.
    guard let first = items.first, first.number <= number, number <= lastNumber else {
      preconditionFailure("A reserved place was filled twice.")
    }
    let index = Int(number - first.number)
    precondition(items[index].block == nil, "A reserved place was filled twice.")
    items[index].block = block
  }

  /// Puts another block in the place of one that still waits here.
  ///
  /// - Returns: what that one cost; nil where it has left.
  mutating func replace(_ number: UInt64, with block: Block) -> Int? {
    guard let first = items.first, first.number <= number, number <= lastNumber,
      let former = items[Int(number - first.number)].block
    else { return nil }
    items[Int(number - first.number)].block = block
    return former.cost
  }

  /// Moves the items that are ready to `taken`, in their order.
  ///
  /// - Returns: the stamp of the first item that is not ready, which nothing may overtake.
  mutating func popReady(into taken: inout Deque<PrivateItem>) -> UInt64? {
    let isLarge = items.count > Self.keptItems
    while let first = items.first, first.block != nil { taken.append(items.removeFirst()) }
    if isLarge, items.isEmpty { items = [] }
    return items.first?.stamp
  }

  /// Forgets everything for good.
  mutating func retire() {
    isRetired = true
    items.removeAll()
    cursors.removeAll()
    cursorChanges += 1
  }
}
