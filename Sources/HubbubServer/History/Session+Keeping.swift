import HubbubRooms

extension Session {
  /// Tells somebody who comes into a room that what is said there is kept: `NOTE JOIN HISTORY_KEPT
  /// #room 30d`.
  func noteHistory(of room: Room) {
    guard let history = hub.history, let remembered = room.keeper as? RememberedRoom,
      capabilities.contains(.standardReplies)
    else { return }
    let duration = history.kept(in: remembered)
    if duration == .zero { return }
    let kept = duration.map { Quantity.duration($0) }
    reply(
      "NOTE", ["JOIN", "HISTORY_KEPT", room.name, kept ?? "*"],
      trailing: "What is said here is kept "
        + (kept.map { "for \($0)" } ?? "for good")
        + (history.settings.emptyRooms == .forgotten ? ", or until the last one leaves" : ""))
  }

  /// Whoever floods rooms that are remembered while much waits to be stored is read later. Waits a
  /// second at the most, for this client alone; not where the disk takes nothing at all.
  func waitForHistory() { hub.history?.waitForWriter() }
}

extension RoomHistory {
  /// ISUPPORT: how much of history is given at once, and by what it is asked for.
  var supportTokens: [String] {
    ["CHATHISTORY=\(settings.page)", "MSGREFTYPES=msgid,timestamp"]
  }

  /// So much may wait to be stored before those who speak are read later.
  private static let comfortableBytes = 16 << 20

  func waitForWriter() {
    guard store.writer.waitingBytes > Self.comfortableBytes else { return }
    let deadline = ContinuousClock.now + .seconds(1)
    while store.writer.waitingBytes > Self.comfortableBytes, ContinuousClock.now < deadline {
      if case .failing = store.writer.health { return }
      store.writer.flush(upTo: .milliseconds(20))
    }
  }
}
