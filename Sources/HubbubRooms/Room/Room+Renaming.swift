import HubbubLog
import IRCWire

extension Room {
  /// What came of renaming a room.
  public struct Renaming: Sendable {
    public let newcomers: [Newcomer]

    /// The author's own copy, where it is not in the log that it reads.
    public let receipt: Receipt?
  }

  /// A member that knows no other names of a room: to it, it is another room, into which it comes.
  public struct Newcomer: Sendable {
    /// The room under its new name. The reservation must be filled with what it is told.
    public let view: View

    /// Its farewell from the one and its JOIN into the other, as it reads them.
    public let lines: [UInt8]
  }

  /// So many names are told to newcomers at the most, each of whom is told all.
  static let greatestWelcome = 1_000_000

  /// So long must pass for each name that was told before the next renaming: one line makes many,
  /// and there is no other limit to it.
  private static let timePerName: Duration = .microseconds(50)

  /// Gives the room another name. Under the registry's lock; deliver afterwards.
  func rename(
    to wanted: String, reason: String, by author: Author, now: Timestamp,
    instant: ContinuousClock.Instant
  ) throws(Refusal) -> Renaming {
    try state.withLock { (state) throws(Refusal) in
      let former = name
      let seat = try require(.operating, of: author.member, state)
      let names = try checkRenaming(from: former, to: wanted, at: instant, state)
      var line = LineBuffer()
      line.append(source: seat.source, "RENAME", [former, wanted], trailing: reason)
      let variant = Event.Variant(needs: .channelRename, line: line.bytes)
      let event = Event(by: author, echo: .always, variants: [variant])
      let isCapable = seat.rendition.showsRenames
      let receipt = isCapable ? publish(event, by: author, now: now, &state) : nil
      if !isCapable { append(event, now: now, &state) }
      take(name: wanted)
      if names > 0 { state.renamableAt = instant + Self.timePerName * names }
      let newcomers = strangers(to: former, wanted, state).map {
        newcomer($0, from: former, reason, state)
      }
      return Renaming(newcomers: newcomers, receipt: receipt)
    }
  }

  /// - Returns: how many names newcomers are told.
  private func checkRenaming(
    from former: String, to wanted: String, at instant: ContinuousClock.Instant, _ state: State
  ) throws(Refusal) -> Int {
    if state.charter != nil { throw .roomNameIsFixed }
    let names = strangers(to: former, wanted, state).count * state.roster.count
    if names > Self.greatestWelcome { throw .tooManyNewcomers }
    let pause = state.renamableAt.map { $0 - instant } ?? .zero
    if names > 0, pause > .zero {
      throw .renamableLater(seconds: (pause + .milliseconds(999)).components.seconds)
    }
    return names
  }

  /// Those to whom it is another room. The same name in other letters is the same room to
  /// everybody.
  private func strangers(to former: String, _ wanted: String, _ state: State) -> [Seat] {
    guard FoldedName(former) != FoldedName(wanted) else { return [] }
    return state.roster.seats.filter { !$0.rendition.showsRenames }
  }

  /// "Server implementations MUST implement a fallback mechanism to inform clients that have not
  /// negotiated the draft/channel-rename capability" (IRCv3 draft/channel-rename).
  private func newcomer(
    _ seat: Seat, from former: String, _ reason: String, _ state: State
  ) -> Newcomer {
    var part = LineBuffer()
    let why = reason.isEmpty ? "Renamed to \(name)" : reason
    part.append(source: seat.source, "PART", [former], trailing: why)
    let profile = seat.member.profile
    let variants = arrival(of: seat, profile, behind: part.bytes)
    var event = Event(author: seat.member.id, echo: .always, variants: variants)
    event.account = profile.account
    event.isBot = profile.isBot
    let lines = event.encoded(
      as: seat.rendition, time: state.lastTime, id: messageID(published.value))
    return Newcomer(view: view(by: seat.member, isReserving: true, state), lines: lines)
  }
}
