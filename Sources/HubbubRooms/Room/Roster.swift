/// Something that a roster finds by its number.
protocol Rostered {
  var rosterID: MemberID { get }
}

/// Who sits in a room, or who reads it. A value, guarded by the room's lock; a copy of `entries` is
/// a snapshot that costs nothing, and while somebody keeps it, each change copies a page of it at
/// the most.
struct Roster<Entry: Rostered> {
  private(set) var entries = PagedArray<Entry>()
  private var positions: [MemberID: Int] = [:]

  var isEmpty: Bool { entries.isEmpty }
  var count: Int { entries.count }

  subscript(id: MemberID) -> Entry? { positions[id].map { entries[$0] } }

  func contains(_ id: MemberID) -> Bool { positions[id] != nil }

  mutating func insert(_ entry: Entry) {
    positions[entry.rosterID] = entries.count
    entries.append(entry)
  }

  /// Takes an entry out; the last one gets its position.
  mutating func remove(_ id: MemberID) -> Entry? {
    guard let position = positions.removeValue(forKey: id) else { return nil }
    let last = entries.removeLast()
    guard position < entries.count else { return last }
    let removed = entries[position]
    entries.update(position) { $0 = last }
    positions[last.rosterID] = position
    return removed
  }

  mutating func update(_ id: MemberID, _ change: (inout Entry) -> Void) {
    guard let position = positions[id] else { return }
    entries.update(position, change)
  }
}
