import IRCWire

/// Everything that `accounts.db` holds, in memory. A value: whoever reads it waits for no disk.
public struct AccountBook: Sendable {
  var accounts: [Int64: Account] = [:]
  var accountsByName: [FoldedName: Int64] = [:]
  var devices: [Device.Key: Device] = [:]
  var certificates: [[UInt8]: AccountCertificate] = [:]
  var nicknames: [FoldedName: OwnedNickname] = [:]
  var conversations: [StreamID: Conversation] = [:]
  var conversationsByPair: [Conversation.Pair: StreamID] = [:]
  var rooms: [StreamID: RegisteredRoom] = [:]
  var roomsByName: [FoldedName: StreamID] = [:]
  var access: [RoomAccess.Key: RoomAccess] = [:]
  var accessByRoom: [StreamID: [Int64: RoomAccess.Standing]] = [:]
  var visibilities: [RoomVisibility.Key: RoomVisibility] = [:]
  var visibilityByRoom: [StreamID: [UInt64: RoomVisibility.Level]] = [:]
  var visits: [RoomVisit.Key: RoomVisit] = [:]
  var visitsByOwner: [RoomAccess.Key: [RoomVisit]] = [:]
  var markers: [ReadMarker.Key: ReadMarker] = [:]
  var markerCounts: [Int64: Int] = [:]
  var staying: [Int64: StayingPerson] = [:]
  var metadata: [MetadataEntry.Key: MetadataEntry] = [:]
  var metadataKeys: [String: Set<String>] = [:]

  /// A secret of the server's, for salts of accounts that do not exist.
  public internal(set) var secret: [UInt8] = []

  /// How many changes the nodes of a network have made of it, and a number that comes of them all
  /// (FNV-1a).
  var version: UInt64 = 0
  public internal(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Numbers below these were given. No number is given twice, whatever was deleted.
  var nextAccount: Int64 = 1
  var nextStream: Int64 = 1

  /// Whether there is neither an account nor a room.
  var isEmpty: Bool { accounts.isEmpty && rooms.isEmpty }

  // MARK: Accounts

  public func account(_ id: Int64) -> Account? { accounts[id] }

  /// Whatever has that name, also what is suspended or gone.
  public func account(named name: String) -> Account? {
    accountsByName[FoldedName(name)].flatMap { accounts[$0] }
  }

  /// Those that are not gone, by name.
  public var everyAccount: [Account] {
    accounts.values.filter { !$0.flags.contains(.erased) }
      .sorted {
        FoldedName($0.name).text.utf8.lexicographicallyPrecedes(FoldedName($1.name).text.utf8)
      }
  }

  /// Erased ones whose messages are still to be deleted.
  public var withMessagesToErase: [Account] {
    accounts.values.filter { $0.flags.contains(.messagesToErase) }
  }

  /// Whom a nickname belongs to: the account of that name, or one that has it too.
  public func owner(ofNickname name: String) -> Account? {
    let folded = FoldedName(name)
    let id = accountsByName[folded] ?? nicknames[folded]?.account
    return id.flatMap { accounts[$0] }.flatMap { $0.flags.contains(.erased) ? nil : $0 }
  }

  public func nicknames(of account: Int64) -> [String] {
    nicknames.values.filter { $0.account == account }.map(\.name).sorted()
  }

  public func devices(of account: Int64) -> [Device] {
    devices.values.filter { $0.account == account }.sorted { $0.name < $1.name }
  }

  public func device(_ account: Int64, _ name: String) -> Device? {
    devices[Device.Key(account, name)]
  }

  /// The device whose own password `password` is.
  public func device(_ account: Int64, _ name: String, password: String) -> Device? {
    device(account, name).flatMap { $0.hasPassword(password) ? $0 : nil }
  }

  public func certificates(of account: Int64) -> [AccountCertificate] {
    certificates.values.filter { $0.account == account }.sorted { $0.name < $1.name }
  }

  public func certificate(_ fingerprint: [UInt8]) -> AccountCertificate? {
    certificates[fingerprint]
  }

  // MARK: Rooms and conversations

  public func room(_ stream: StreamID) -> RegisteredRoom? { rooms[stream] }

  public func room(named name: String) -> RegisteredRoom? {
    roomsByName[FoldedName(name)].flatMap { rooms[$0] }
  }

  public var everyRoom: [RegisteredRoom] { rooms.values.sorted { $0.stream < $1.stream } }

  public func rooms(foundedBy account: Int64) -> [RegisteredRoom] {
    everyRoom.filter { $0.founder == account }
  }

  public func accessList(of room: StreamID) -> [Int64: RoomAccess.Standing] {
    accessByRoom[room] ?? [:]
  }

  public func standing(of account: Int64, in room: StreamID) -> RoomAccess.Standing? {
    accessByRoom[room]?[account]
  }

  public func conversation(_ pair: Conversation.Pair) -> StreamID? { conversationsByPair[pair] }

  /// The conversations of an account, with whom it has each.
  public func conversations(of account: Int64) -> [(stream: StreamID, with: Int64)] {
    conversations.values.compactMap { conversation in
      let pair = conversation.pair
      if pair.low == account { return (conversation.stream, pair.high) }
      return pair.high == account ? (conversation.stream, pair.low) : nil
    }.sorted { $0.stream < $1.stream }
  }

  public func marker(_ key: ReadMarker.Key) -> Int64? { markers[key]?.time }

  /// What an account's person goes on with who stays.
  public func staying(_ account: Int64) -> StayingPerson? { staying[account] }

  /// Those who stay, by account.
  public var everybodyStaying: [StayingPerson] { staying.values.sorted { $0.account < $1.account } }

  public func metadata(of subject: String) -> [String: String] {
    var found: [String: String] = [:]
    for key in metadataKeys[subject] ?? [] {
      found[key] = metadata[MetadataEntry.Key(subject, key)]?.value
    }
    return found
  }

  public func visits(of account: Int64, in room: StreamID) -> [RoomVisit] {
    visitsByOwner[RoomAccess.Key(room, account)] ?? []
  }

  // MARK: What may be read

  /// The numbers of a room that somebody may read: each message as the room showed itself then.
  ///
  /// - Parameters:
  ///   - account: nil for a guest.
  ///   - stays: when they were there, for who has no account to keep it in.
  ///   - isInside: whether they are in the room.
  public func readable(
    _ room: StreamID, by account: Int64?, stays: [ClosedRange<UInt64>] = [], isInside: Bool
  ) -> [ClosedRange<UInt64>] {
    let changes = (visibilityByRoom[room] ?? [:]).sorted { $0.key < $1.key }
    var stays = stays
    if let account {
      stays += visits(of: account, in: room).map {
        // A visit that ended before it began saw nothing of interest.
        $0.key.first...max($0.key.first, $0.last ?? MessageKey.maxSequence)
      }
    }
    var found: [ClosedRange<UInt64>] = []
    // What was before the first level was set shows nothing but one's own stays.
    let levels = [(key: UInt64(0), value: RoomVisibility.Level.joined)] + changes
    for (index, level) in levels.enumerated() {
      let end = index + 1 < levels.count ? levels[index + 1].key : MessageKey.maxSequence + 1
      guard level.key < end else { continue }
      let range = level.key...(end - 1)
      switch level.value {
      case .everybody: found.append(range)
      case .members where isInside: found.append(range)
      case .members, .joined: found += stays.filter(range.overlaps).map { $0.clamped(to: range) }
      }
    }
    return HistoryView(room, found).ranges
  }
}
