import DequeModule

/// What is for one member alone, and the rooms it reads, until the baton's holder takes them over.
///
/// A value; guarded by the lock of the member's `Outbox`.
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
    cursor.attach(as: UInt64(cursorChanges), behind: cursors)
    cursors.append(cursor)
  }

  /// Takes a cursor out at once in which there is nothing to read.
  mutating func detachIfEmpty(_ cursor: Cursor) {
    if cursor.isEmpty { detach([cursor.number]) }
  }

  /// Takes out the cursors with these numbers.
  mutating func detach(_ finished: Set<UInt64>) {
    cursorChanges += 1
    cursors.removeAll { finished.contains($0.number) }
  }

  /// Puts an item at the end, at the place in the rooms' order that is now.
  ///
  /// - Parameters:
  ///   - block: nil reserves the place; `fill` must follow.
  ///   - isLast: whether nothing at all is sent after it.
  @discardableResult
  mutating func append(_ block: Block?, isLast: Bool = false) -> PrivateItem {
    lastNumber += 1
    items.append(
      PrivateItem(
        number: lastNumber, block: block, isLast: isLast,
        place: PrivateItem.Place(behind: cursors, lastCursor: UInt64(cursorChanges))))
    return items[items.count - 1]
  }

  /// - Returns: what it counts for while it is queued.
  mutating func fill(_ number: UInt64, with block: Block) -> Int {
    // Whoever renames a room fills places of others, who may have gone meanwhile.
    if isRetired { return 0 }
    // Numbers follow one another, and items leave at the front alone.
    guard let first = items.first, first.number <= number, number <= lastNumber else {
      preconditionFailure("A reserved place was filled twice.")
    }
    let index = Int(number - first.number)
    precondition(items[index].block == nil, "A reserved place was filled twice.")
    items[index].block = block
    return items[index].cost
  }

  /// Moves the items that are ready to `taken`, in their order.
  ///
  /// - Returns: the place of the first item that is not ready, which nothing may overtake.
  mutating func takeReady(into taken: inout Deque<PrivateItem>) -> PrivateItem.Place? {
    let isLarge = items.count > Self.keptItems
    while let first = items.first, first.block != nil { taken.append(items.removeFirst()) }
    if isLarge, items.isEmpty { items = [] }
    return items.first?.place
  }

  /// Forgets everything for good.
  mutating func retire() {
    isRetired = true
    items.removeAll()
    cursors.removeAll()
    cursorChanges += 1
  }
}
