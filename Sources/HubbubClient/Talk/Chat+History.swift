import IRCWire

/// What was said before.
extension Chat {
  /// `/history [lines]`.
  mutating func showHistory(_ count: String?) {
    guard let room = rooms.current else { return fail("You are in no room.") }
    let count = max(1, count.flatMap(Int.init) ?? rows - 3)
    settlePresence()
    perform(.show(EntryRenderer.rule("what was said before")))
    lastDayShown = nil
    for entry in room.entries.filter(\.isSaid).suffix(count) { show(entry) }
    perform(.show(EntryRenderer.rule("the end of it")))
  }
}
