import IRCWire

/// What goes into the log files.
extension Chat {
  /// What was said and what happened in a room, once it is certain.
  mutating func log(_ entry: Entry, in room: String) {
    guard settings.isOn(.log), !entry.isWaiting, !entry.isUndelivered, !entry.isAside,
      entry.kind != .failure
    else { return }
    let time = LocalTime(entry.time)
    let lines = EntryRenderer.lines(entry, clock: .none).map(\.plain)
    let text = lines.joined(separator: "\n").drop { " ·›!".contains($0) }
    perform(.log(room: room, line: "\(time.numericDate) \(time.clock(.seconds)) \(text)"))
  }
}
