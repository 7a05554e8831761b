import HubbubLog
import IRCWire

extension Room {
  /// What came of renaming a room.
  public struct Renaming: Sendable {
    public let newcomers: [Newcomer]

    /// The author's own copy, where it is not in the log that it reads.
    public let receipt: Receipt?
  }

  /// A session to which a room is new: of a member that knows no other names of it, or of one that
  /// another of its sessions has brought into it.
  public struct Newcomer: Sendable {
    /// The room under its new name. The reservation must be filled with what it is told.
    public let view: View

    /// Which is told.
    public let session: MemberSession

    /// What it is told before topic and names: its farewell from the one and its JOIN into the
    /// other, as it reads them; nothing where it reads its JOIN in the log.
    public let lines: [UInt8]
  }

  /// The maximum number of names that are told to newcomers, each of whom is told all.
  static let maxWelcome = 1_000_000

  /// A millisecond must pass for this many names that were told before the next renaming: one line
  /// makes many, and there is no other limit to it.
  private static let namesPerMillisecond = 20

  /// Gives the room another name. Under the registry's lock; deliver afterwards.
  func rename(
    to wanted: String, reason: String, by author: Author, now: Timestamp
  ) throws(Refusal) -> Renaming {
    try state.withLock { (state) throws(Refusal) in
      let former = name
      let seat = try require(.operating, of: author.member, state)
      let names = try checkRenaming(from: former, to: wanted, at: now, state)
      var line = LineBuffer()
      line.append(source: seat.source, "RENAME", [former, wanted], trailing: reason)
      let variant = Event.Variant(needs: .channelRename, line: line.bytes)
      let event = Event(by: author, echo: .always, variants: [variant])
      let newcomers = newcomers(to: former, wanted, state).map { HeldPlace(of: $0) }
      // To whom it is another room, the answer is what every newcomer is told.
      let isCapable = author.session.rendition.showsRenames
      let own = isCapable ? author.placeForCopy(of: event.echo, readsLog: true) : nil
      let place = append(own == nil ? event : event.silent, now: now, &state)
      setName(wanted, &state)
      if names > 0 {
        let pause = Int64((names + Self.namesPerMillisecond - 1) / Self.namesPerMillisecond)
        state.keepsName = now..<Timestamp(milliseconds: now.milliseconds + pause)
      }
      return Renaming(
        newcomers: newcomers.map { newcomer($0, at: place, from: former, reason, state) },
        receipt: own?.receipt(of: event, at: place))
    }
  }

  /// - Returns: how many names newcomers are told.
  private func checkRenaming(
    from former: String, to wanted: String, at time: Timestamp, _ state: State
  ) throws(Refusal) -> Int {
    if state.charter != nil { throw .roomNameIsFixed }
    // Where other nodes decide the same, nobody knows who of all is told: perhaps everybody.
    let told =
      isReplicated && FoldedName(former) != FoldedName(wanted)
      ? state.roster.count : newcomers(to: former, wanted, state).count
    let names = told * state.roster.count
    if names > Self.maxWelcome { throw .tooManyNewcomers }
    // A clock that was set back lies before it.
    guard names > 0, let kept = state.keepsName, kept.contains(time) else { return names }
    let pause = kept.upperBound.milliseconds - time.milliseconds
    throw .renamableLater(seconds: (pause + 999) / 1000)
  }

  /// Those to whom it is another room. The same name in other letters is the same room to
  /// everybody.
  private func newcomers(to former: String, _ wanted: String, _ state: State) -> [MemberSession] {
    guard FoldedName(former) != FoldedName(wanted) else { return [] }
    return state.readers.entries.compactMap { $0.rendition.showsRenames ? nil : $0.session }
  }

  /// "Server implementations MUST implement a fallback mechanism to inform clients that have not
  /// negotiated the draft/channel-rename capability" (IRCv3 draft/channel-rename).
  private func newcomer(
    _ held: HeldPlace, at place: EventPlace, from former: String, _ reason: String, _ state: State
  ) -> Newcomer {
    let session = held.session
    guard let seat = state.roster[session.member.id] else {
      preconditionFailure("A session reads a room in which its person has no seat.")
    }
    var part = LineBuffer()
    let why = reason.isEmpty ? "Renamed to \(name)" : reason
    part.append(source: seat.source, "PART", [former], trailing: why)
    let variants = arrival(of: seat, seat.member.profile, behind: part.bytes)
    let event = Event(by: Author(session), echo: .always, variants: variants)
    return Newcomer(
      view: view(by: seat.member, reservation: held.reserve(at: place.stamp), state),
      session: session, lines: event.encoded(as: session.rendition, place))
  }
}
