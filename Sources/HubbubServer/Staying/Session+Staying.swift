import HubbubLog
import HubbubRooms
import HubbubStore
import IRCWire

// What remains of somebody whose connection goes, and what it is told when it comes back.

extension Session {
  /// Whether the person stays in its rooms when its last connection has gone.
  var isStaying: Bool {
    guard registration.isComplete, let login, let account = hub.accounts?.account(login.account)
    else { return false }
    let isKnown = hub.staying.isStaying(account.id)
    return account.mayStay && account.name == login.name
      && (isKnown || hub.staying.count < hub.configuration.accounts.staying)
  }

  /// Where this device reads its rooms, and how far it has heard its talks. Before it leaves them.
  func placesOfReading() -> PlacesOfReading? {
    guard registration.isComplete, let login, hub.history != nil else { return nil }
    var places = PlacesOfReading(login: login)
    let talks = readableTalks
    let ends = hub.registry.last(ofTalks: talks.map(\.name))
    for talk in talks {
      guard let kept = talk.room.kept else { continue }
      places.talks[kept.placeName] = ends[talk.name] ?? kept.lastBefore
    }
    for room in member.rooms {
      guard let number = Self.number(of: room) else { continue }
      places.rooms[number] = room.cursor(of: memberSession)
    }
    return places
  }

  struct PlacesOfReading {
    let login: AccountLogin
    var talks: [String: UInt64] = [:]
    var rooms: [String: Cursor] = [:]
  }

  /// Notes how far a device has read. What its connection has taken is known for certain once its
  /// outbox is retired: until then somebody may be about to say so who has written to it.
  func note(_ places: PlacesOfReading?, asStaying: Bool = true) {
    guard let places else { return }
    let rooms = places.rooms.mapValues(\.lastTaken)
    hub.staying.note(
      places.talks.merging(rooms) { $1 }, of: places.login.account, places.login.device)
    if asStaying, hub.staying.isStaying(places.login.account) { hub.noteStaying(member) }
  }

  private static func number(of room: Room) -> String? {
    (room.keeper as? RememberedRoom)?.placeName
  }

  /// Something came from the client, so that what its connection has taken before has come through:
  /// it is noted now and then, for a connection that breaks off is found out much later.
  func noteWhatIsRead() {
    guard login != nil, Moment.passed(Self.notingPause, since: readNotedAt, now: heardAt) else {
      return
    }
    readNotedAt = heardAt
    if let places = placesOfReading() { note(places, asStaying: false) }
  }

  private static let notingPause: Duration = .seconds(10)

  /// How far this device had read its rooms when it was here last; nil where it is not to be told
  /// again: it asks for itself, or was never here.
  var lastRead: [String: UInt64]? {
    guard let login, hub.history != nil, !capabilities.contains(.chatHistory),
      hub.accounts?.account(login.account)?.flags.contains(.replaysNothing) == false
    else { return nil }
    let here = hub.staying.lastRead(login.account, login.device)
    guard hub.cluster != nil else { return here }
    // At another node it may have read on.
    let row = hub.accounts?.store.read { $0.staying(login.account) }
    let noted = (row ?? nil).flatMap { StayingState(stored: $0.state)?.lastRead(on: login.device) }
    guard let noted else { return here }
    return noted.merging(here ?? [:]) { max($0, $1) }
  }

  /// Tells what was said in a room since this device was here, up to where it reads by itself: each
  /// message once, in its order. Waits for the disk, while what comes for this connection waits.
  func replay(_ view: Room.View, since read: [String: UInt64]) {
    guard let kept = view.room.keeper as? RememberedRoom, let number = Self.number(of: view.room),
      let last = read[number], last < view.sequence,
      let presence = view.room.presence(of: member)
    else { return }
    let range = presence.lowerBound...max(presence.lowerBound, view.sequence)
    replay(ReadableRoom(name: view.name, kept: kept, presence: range), after: last)
  }

  /// The same of what was said in private.
  ///
  /// - Parameter ends: the last number of each talk, by name, that is not said to this connection
  ///   by itself; of those that are missing, all that is stored.
  func replayTalks(upTo ends: [String: UInt64], since read: [String: UInt64]) {
    for talk in readableTalks {
      guard let kept = talk.room.kept else { continue }
      let last = read[kept.placeName] ?? 0
      let end = ends[talk.name] ?? kept.lastBefore
      guard last < end else { continue }
      var room = talk.room
      room.presence = 0...end
      replay(room, after: last)
    }
  }

  private func replay(_ room: ReadableRoom, after last: UInt64) {
    guard let history = hub.history, let kept = room.kept else { return }
    history.catchUp([kept].live)
    var page: HistoryPage
    let epochs: [HistoryEpoch]
    do throws(StoreError) {
      page = try history.store.page(
        .latest(after: .sequence(last)), of: kept.view(of: room.presence, kinds: []),
        limit: Self.replayedLines)
      epochs = try history.epochs(of: page.entries, in: kept.stream)
    } catch {
      hub.logger.warning("history cannot be read", metadata: ["reason": "\(error)"])
      return
    }
    if !page.entries.isEmpty { tellMissed(page, of: room, epochs) }
  }

  private func tellMissed(_ page: HistoryPage, of room: ReadableRoom, _ epochs: [HistoryEpoch]) {
    let batch = capabilities.contains(.batch) ? hub.batchReference() : nil
    if let batch {
      reply("BATCH", ["+\(batch)", "chathistory", room.name])
    } else {
      let count = page.entries.count
      reply(
        "NOTICE", [room.reader == nil ? room.name : nickname],
        trailing: "\(page.isEnd ? "" : "The last ")\(count) \(count == 1 ? "line" : "lines") "
          + "that you missed:")
    }
    let lines = HistoryLines(
      capabilities, room: room.name, epochs, batch: batch, readBy: room.reader)
    for entry in page.entries { tell(lines: lines.lines(of: entry, reference: hub.batchReference)) }
    if let batch { reply("BATCH", ["-\(batch)"]) }
  }

  /// This many lines of a room, or of a talk, are told again at the most.
  private static let replayedLines = 500
}
