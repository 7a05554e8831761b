import IRCWire

extension Room {
  /// What came of renaming a room.
  public struct Renaming: Sendable {
    public let formerName: String

    /// The members that know no other names of a room: to them it is another room, into which they come.
    /// Each one's reservation must be filled with that.
    public let newcomers: [View]

    /// The author's own copy, where it is not in the log that it reads.
    public let receipt: Receipt?
  }

  /// Gives the room another name. Under the registry's lock; deliver afterwards.
  ///
  /// - Parameter variant: the RENAME, for those who negotiated it.
  func rename(
    to wanted: String, _ variant: Event.Variant, by author: Author, now: Timestamp
  ) throws(Refusal) -> Renaming {
    try state.withLock { (state) throws(Refusal) in
      try require(.operating, of: author.member, state)
      if state.charter != nil { throw .roomNameIsFixed }
      let former = name
      let event = Event(by: author, echo: .always, variants: [variant])
      let isCapable = state.roster[author.member.id]!.cursor.rendition.showsRenames
      let receipt = isCapable ? publish(event, by: author, now: now, &state) : nil
      if !isCapable { append(event, now: now, &state) }
      take(name: wanted)
      // The same name in other letters is the same room to everybody.
      let isSame = FoldedName(former) == FoldedName(wanted)
      let newcomers = state.roster.seats.filter { !isSame && !$0.cursor.rendition.showsRenames }
        .map { view(by: $0.member, isReserving: true, state) }
      return Renaming(formerName: former, newcomers: newcomers, receipt: receipt)
    }
  }
}
