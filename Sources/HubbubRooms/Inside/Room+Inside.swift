import HubbubLog

extension Room {
  /// A room's broadcasts as seen from inside, at one moment.
  public struct Inside: Sendable {
    public let room: Room

    /// How many entries its log has had.
    public let sequence: UInt64

    /// How many messages were said in it.
    public let messages: UInt64

    public let record: FanOutRecord
    public let members: [InsideMember]

    /// The max lag of a member.
    public var maxLagBytes: Int { members.map(\.lagBytes).max() ?? 0 }
  }

  /// The reading of one session of a member, as seen from inside.
  public struct InsideMember: Sendable {
    public let id: MemberID
    public let nickname: String

    /// Whether it is hidden from those who are not here.
    public let isInvisible: Bool

    /// Entries of this room that its connection has not taken yet.
    public let lagMessages: UInt64

    /// Bytes that wait for its connection, of all its rooms and its private queue.
    public let lagBytes: Int

    /// Whether its connection is full.
    public let isBlocked: Bool

    /// Its share of all that was said here, 0 to 1.
    public let share: Double

    public let place: FanOutRecord.Place
  }

  /// How many messages were said here. Any thread.
  public var messages: UInt64 { state.withLock { $0.messages } }

  /// The same, once: whoever asks counts them from now on.
  func takeMessages() -> UInt64 {
    state.withLock { state in
      defer { state.messages = 0 }
      return state.messages
    }
  }

  /// Whether it is hidden from those outside. Any thread.
  public var isSecret: Bool { state.withLock { $0.modes.isSecret } }

  /// Looks at the room's broadcasts. Any thread; the figures may be a moment old.
  public func inside() -> Inside {
    let (messages, said, readers, nicknames) = state.withLock { state in
      (
        state.messages, state.messagesBySession, state.readers.entries,
        Dictionary(
          uniqueKeysWithValues: state.roster.entries.map { ($0.member.id, $0.nickname) })
      )
    }
    let record = sampler.record
    let sequence = published.value
    let members = readers.compactMap { reader -> InsideMember? in
      guard let session = reader.session else { return nil }
      return InsideMember(
        id: reader.id, nickname: nicknames[session.member.id] ?? "*",
        isInvisible: session.member.profile.isInvisible,
        lagMessages: reader.cursor.lagMessages(of: sequence),
        lagBytes: reader.outbox.lagBytes, isBlocked: reader.outbox.isFull,
        share: messages == 0 ? 0 : Double(said[reader.id] ?? 0) / Double(messages),
        place: record.places[reader.id] ?? FanOutRecord.Place())
    }
    return Inside(
      room: self, sequence: sequence, messages: messages, record: record, members: members)
  }
}
