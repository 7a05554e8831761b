import HubbubBytes
import HubbubLog
import IRCWire

// What people say to each other in private, and is remembered.

extension Registry {
  /// The talk of two people, which is made if there is none; nil where it is not remembered. Under
  /// the registry's lock.
  ///
  /// - Parameter isTakingBack: whether something is taken back that was said before, when both of
  ///   them may have wanted it to be remembered.
  func talk(
    of author: Author, with other: Profile, isTakingBack: Bool = false, now: Timestamp,
    _ state: inout State
  ) -> PrivateTalk? {
    guard let archive, let own = author.account, let account = other.account,
      let name = archive.talk(of: own, with: account)
        ?? (isTakingBack
          ? archive.formerTalk(of: own, with: account).flatMap { has(talk: $0, state) ? $0 : nil }
          : nil)
    else { return nil }
    if let known = state.talks[name] { return known }
    if isReplicated { closeSilentTalks(now: now, &state) }
    state.roomsMade += 1
    let (number, epoch) = (state.roomsMade, epoch(ofLife: state.roomsMade))
    var place: RoomPlace?
    if isReplicated {
      place = state.formerTalks.take(name) ?? RoomPlace(origin: epoch, last: 0)
    }
    let past = archive.open(name, epoch: epoch, at: place)
    if past == nil, place == nil { return nil }
    let talk = PrivateTalk(
      name: name, clock: clock, number: number, epoch: Array(epoch.utf8), past: past,
      place: place)
    state.talks[name] = talk
    return talk
  }

  private func has(talk name: String, _ state: State) -> Bool {
    state.talks[name] != nil || state.formerTalks.contains(name)
  }

  /// The number of the last thing that was said in each of these, where something was said lately.
  /// Any thread.
  public func last(ofTalks names: [String]) -> [String: UInt64] {
    state.withLock { last(ofTalks: names, $0) }
  }

  /// Under the registry's lock.
  func last(ofTalks names: [String], _ state: State) -> [String: UInt64] {
    var found: [String: UInt64] = [:]
    for name in names { found[name] = state.talks[name]?.last }
    return found
  }

  /// Closes those in which nothing was said for a while: the next word begins another life of them.
  /// In a network that is done by actions. Any thread, under no lock.
  public func closeSilentTalks(now: Timestamp) {
    guard !isReplicated else { return }
    state.withLock { close(talksSilentSince: Self.before(now), &$0) }
  }

  /// Nothing is said any more, for the server stops: what remembers rooms and talks reads all of
  /// them to their end. Any thread, under no lock.
  public func endKeeping() {
    state.withLock { state in
      close(talksSilentSince: nil, &state)
      for room in state.rooms.values { room.endKeeping() }
    }
  }

  /// The same in a network, at the same actions on every node, now and then. Under the registry's
  /// lock.
  private func closeSilentTalks(now: Timestamp, _ state: inout State) {
    guard now.milliseconds - state.talksClosedAt.milliseconds >= Self.talkPause else { return }
    state.talksClosedAt = now
    close(talksSilentSince: Self.before(now), &state)
  }

  /// - Parameter time: nil for all of them.
  private func close(talksSilentSince time: Timestamp?, _ state: inout State) {
    // In the order of their making: what is kept of them is the same on every node.
    for talk in state.talks.values.sorted(by: { $0.number < $1.number })
    where time.map(talk.isSilent) ?? true {
      state.talks[talk.name] = nil
      if let place = talk.place { state.formerTalks.note(talk.name, place) }
      talk.close()
    }
  }

  /// A private talk in which nobody has spoken for so long, in milliseconds, is let go.
  private static let talkPause: Int64 = 600_000

  private static func before(_ now: Timestamp) -> Timestamp {
    Timestamp(milliseconds: now.milliseconds - talkPause)
  }

  // MARK: Snapshots

  /// Under the registry's lock.
  func writeTalks(_ state: State, to writer: inout ByteWriter) {
    writer.write(list: state.talks.values.sorted { $0.number < $1.number }) { writer, talk in
      writer.write(talk.name)
      writer.write(talk.number)
      writer.write(talk.origin ?? "")
      writer.write(talk.last)
      writer.write(talk.lastTime)
    }
    writer.write(state.talksClosedAt)
    state.formerRooms.write(to: &writer)
    state.formerTalks.write(to: &writer)
  }

  /// Reads what `writeTalks` has written. As `restore` does.
  func restoreTalks(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    let talks = try reader.list { (reader) throws(ByteReader.Malformed) in
      let (name, number) = (try reader.text(), try reader.int())
      let place = RoomPlace(origin: try reader.text(), last: try reader.number())
      let epoch = epoch(ofLife: number)
      return PrivateTalk(
        name: name, clock: clock, number: number, epoch: Array(epoch.utf8),
        past: archive?.open(name, epoch: epoch, at: place), place: place,
        lastTime: try reader.time())
    }
    let closedAt = try reader.time()
    let rooms = try FormerRooms(keeping: limits.formerRooms, from: &reader)
    let former = try FormerRooms(keeping: limits.formerTalks, from: &reader)
    state.withLock { state in
      for talk in talks { state.talks[talk.name] = talk }
      (state.talksClosedAt, state.formerRooms, state.formerTalks) = (closedAt, rooms, former)
    }
  }
}
