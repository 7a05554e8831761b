import IRCWire

/// How far a person has read, on this device and on their others (draft/read-marker).
extension Chat {
  /// `MARKREAD <target> timestamp=…`, or `*` where nothing was read yet.
  mutating func heardMarker(_ parameters: [String]) {
    guard parameters.count >= 2, let index = rooms.index(of: parameters[0]),
      parameters[1].hasPrefix("timestamp="),
      let time = Timestamp(String(parameters[1].dropFirst("timestamp=".count)))
    else { return }
    rooms.update(index) { $0.markRead(until: time) }
  }

  /// Tells the others that what is on the screen is read. It is told at times, not at each line.
  mutating func tellMarker() {
    guard link == .up, capabilities.contains("draft/read-marker"), let index = rooms.shownIndex,
      rooms.all[index].isJoined,
      let last = rooms.all[index].entries.last(where: { $0.isSaid && !$0.isWaiting })
    else { return }
    // Markers only go forward.
    if let marker = rooms.all[index].readMarker, marker >= last.time { return }
    rooms.update(index) { $0.markRead(until: last.time) }
    send("MARKREAD", rooms.all[index].name, "timestamp=\(last.time)")
  }
}
