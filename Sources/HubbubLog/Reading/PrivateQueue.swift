import DequeModule

/// What is for one reader alone, and the rooms it reads, until the baton's holder takes them over.
///
/// A value; guarded by the lock of the reader's `Outbox`.
struct PrivateQueue {
  private var items: Deque<PrivateItem> = []
  private var lastNumber: UInt64 = 0

  /// The last stamps that may be sent while something is being placed behind them.
  private var holds: [UInt64] = []

  /// All cursors that are attached and not read to their end.
  private(set) var cursors: [Cursor] = []

  /// Counts the changes of `cursors`.
  private(set) var cursorChanges = 0

  /// The places of this many items are kept when they have left.
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
    // Otherwise it may have been read to its end before this was known: somebody must look at it
    // once more.
    cursorChanges += 1
    guard cursor.isEmpty, let index = cursors.lastIndex(where: { $0 === cursor }) else { return }
    cursors.swapAt(index, cursors.count - 1)
    cursors.removeLast()
  }

  /// Takes these cursors out.
  mutating func detach(_ finished: Set<ObjectIdentifier>) {
    cursorChanges += 1
    cursors.removeAll { finished.contains(ObjectIdentifier($0)) }
  }

  /// Nothing that is stamped later is sent before `endHold`.
  mutating func hold(at stamp: UInt64) { holds.append(stamp) }

  mutating func endHold(at stamp: UInt64) {
    guard let index = holds.firstIndex(of: stamp) else {
      preconditionFailure("A hold was ended twice.")
    }
    holds.swapAt(index, holds.count - 1)
    holds.removeLast()
  }

  /// Puts an item behind all that have its stamp or an earlier one.
  ///
  /// - Parameters:
  ///   - block: nil reserves the place; `fill` must follow.
  ///   - stamp: the last that was drawn, or one that was drawn during a hold.
  ///   - isLast: whether nothing at all is sent after it.
  /// - Returns: its number, by which it is filled.
  @discardableResult
  mutating func append(_ block: Block?, at stamp: UInt64, isLast: Bool = false) -> UInt64 {
    lastNumber += 1
    // Somebody may still know it.
    if isRetired { return lastNumber }
    var index = items.count
    while index > 0, items[index - 1].stamp > stamp { index -= 1 }
    items.insert(
      PrivateItem(number: lastNumber, block: block, isLast: isLast, stamp: stamp), at: index)
    return lastNumber
  }

  mutating func fill(_ number: UInt64, with block: Block) {
    // Whoever renames a room fills places of others, who may have gone meanwhile.
    if isRetired { return }
    guard let index = items.lastIndex(where: { $0.number == number }), items[index].block == nil
    else { preconditionFailure("A reserved place was filled twice.") }
    items[index].block = block
  }

  /// Puts another block in the place of one that still waits here.
  ///
  /// - Returns: what that one cost; nil where it has left.
  mutating func replace(_ number: UInt64, with block: Block) -> Int? {
    guard let index = items.lastIndex(where: { $0.number == number }),
      let former = items[index].block
    else { return nil }
    items[index].block = block
    return former.cost
  }

  /// Moves the items that are ready to `taken`, in their order.
  ///
  /// - Returns: the last stamp that may be sent before what is not ready; nil where all is.
  mutating func popReady(into taken: inout Deque<PrivateItem>) -> UInt64? {
    let isLarge = items.count > Self.keptItems
    let held = holds.min()
    while let first = items.first, first.block != nil, first.stamp <= held ?? .max {
      taken.append(items.removeFirst())
    }
    if isLarge, items.isEmpty { items = [] }
    // An item that is ready and left here stands behind a hold.
    return items.first.map { min($0.stamp, held ?? .max) } ?? held
  }

  /// Forgets everything for good.
  mutating func retire() {
    isRetired = true
    items.removeAll()
    cursors.removeAll()
    cursorChanges += 1
  }
}
