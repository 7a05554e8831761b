/// Whether the ids that a server gives to its messages are the same for everybody, and each only
/// once.
struct IDCheck {
  /// Arrivals that carried an id.
  private(set) var count = 0

  /// Arrivals whose id differs from what another recipient was told, and who heard such.
  private(set) var breaks = 0
  private(set) var deceived: [String: Int] = [:]

  /// Messages that bear the id of an earlier one.
  private(set) var repeated: [Int] = []

  private var known: [UInt64]
  private var owner: [UInt64: Int] = [:]

  init(messages: Int) {
    known = Array(repeating: 0, count: messages)
  }

  mutating func note(_ testimony: Testimony, table: MessageTable) {
    guard testimony.serverIDs.count == testimony.arrivals.ids.count else { return }
    for (id, hash) in zip(testimony.arrivals.ids, testimony.serverIDs) where hash != 0 {
      guard let message = table.index(of: id) else { continue }
      count += 1
      if known[message] == 0 {
        known[message] = hash
        if owner[hash] == nil { owner[hash] = message } else { repeated.append(message) }
      } else if known[message] != hash {
        breaks += 1
        deceived[testimony.assignment.nickname, default: 0] += 1
      }
    }
  }
}
