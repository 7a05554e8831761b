/// Whether the ids that a server gives to its messages are the same for everybody, and each only
/// once.
struct IDCheck {
  /// Arrivals that carried an id.
  private(set) var count = 0

  /// Arrivals whose id differs from what another recipient was told, or belongs to another message.
  private(set) var breaks = 0

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
        if owner.updateValue(message, forKey: hash) != nil { breaks += 1 }
      } else if known[message] != hash {
        breaks += 1
      }
    }
  }
}
