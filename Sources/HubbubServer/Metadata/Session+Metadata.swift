import HubbubRooms
import HubbubStore
import IRCWire

/// Whom METADATA is about.
struct MetadataTarget {
  enum Kind {
    case person(Member)
    case room(Room)
  }

  let kind: Kind

  /// As it is called in answers: `*` where it was written so.
  let name: String
  let subject: MetadataBook.Subject
}

// What people and rooms say of themselves, and who is told of it.

extension Session {
  func metadataTarget(_ name: String) -> MetadataTarget? {
    if name == "*" {
      return MetadataTarget(kind: .person(member), name: "*", subject: hub.subject(of: member))
    }
    if Names.isChannelLike(name) {
      guard let room = room(named: name), maySee(room, with: "METADATA") else { return nil }
      return MetadataTarget(kind: .room(room), name: room.name, subject: Hub.subject(of: room))
    }
    guard let person = hub.registry.member(named: name) else { return nil }
    return MetadataTarget(
      kind: .person(person), name: person.profile.nickname, subject: hub.subject(of: person))
  }

  func values(of target: MetadataTarget) -> [String: String] {
    hub.metadata.values(of: target.subject, hub.accounts?.store)
  }

  /// One's own, and that of rooms that one operates.
  func mayChange(_ target: MetadataTarget) -> Bool {
    switch target.kind {
    case .person(let person): person === member
    case .room(let room): room.view(by: member).own?.status.contains(.operating) == true
    }
  }

  /// Tells those of a change who share a room with the person, or watch it, or are in the room, and
  /// have subscribed to the key. The connection itself is answered.
  ///
  /// - Returns: how many were told.
  func announceMetadata(_ key: String, _ value: String?, of target: MetadataTarget) -> Int {
    guard registration.isComplete else { return 0 }
    let (source, serverName) = (source, hub.serverName)
    let name: String
    let told: [Member]
    switch target.kind {
    case .person(let person):
      name = person.profile.nickname
      told = hub.registry.notify(ofPerson: person, subscribedTo: key, except: memberSession) {
        Self.metadataLine(key, value, of: name, for: $0, source: source, serverName)
      }
    case .room(let room):
      name = room.name
      told = hub.registry.notify(ofRoom: room, subscribedTo: key, except: memberSession) {
        Self.metadataLine(key, value, of: name, for: $0, source: source, serverName)
      }
    }
    willDeliver(to: told)
    return told.count
  }

  /// `METADATA <target> <key> * :<value>`, or for those who negotiated `draft/metadata-3` the
  /// numeric.
  private static func metadataLine(
    _ key: String, _ value: String?, of target: String, for session: MemberSession,
    source: String, _ serverName: String
  ) -> [UInt8] {
    var line = LineBuffer()
    let nickname = session.member.profile.nickname
    switch (session.capabilities.contains(.metadata3), value) {
    case (false, _):
      line.append(source: source, "METADATA", [target, key, "*"], trailing: value ?? "")
    case (true, let value?):
      line.append(
        source: serverName, Numeric.keyValue.code, [nickname, target, key, "*"], trailing: value)
    case (true, nil):
      line.append(
        source: serverName, Numeric.noMatchingKey.code, [nickname, target, key],
        trailing: "no matching key")
    }
    return line.bytes
  }

  // MARK: What is there already

  /// "Upon requesting the metadata capability, clients receive their non-transient metadata […] in
  /// a metadata batch with their own nick as target. If none exists, the server MUST send an empty
  /// batch instead."
  func tellOwnMetadata() {
    guard !capabilities.isDisjoint(with: .ofMetadata) else { return }
    let values = hub.metadata.values(of: hub.subject(of: member), hub.accounts?.store)
    answerMetadata { batch in
      for (key, value) in values.sorted(by: { $0.key < $1.key }) {
        tell(key, value, of: nickname, in: batch)
      }
    }
  }

  /// "On joining a channel, users will get the channel's current metadata sent to them […] and get
  /// the same information for all users who are in the channel […] for the keys they are subscribed
  /// to. The server may also tell them to request that information at a later time."
  func tellMetadata(onJoining room: Room) {
    let keys = memberSession.subscriptions
    guard !capabilities.isDisjoint(with: .ofMetadata), !keys.isEmpty else { return }
    guard room.memberCount <= Self.toldAtOnce else {
      return reply(.metadataSyncLater, [room.name, "1"])
    }
    tellMetadata(of: room.people, room, keys)
  }

  /// Of rooms with more people it is told when it is asked for.
  private static let toldAtOnce = 500

  /// What all that the client hears of say under these keys: itself, its rooms and who is there.
  func tellEverything(of keys: Set<String>) {
    var people: [ObjectIdentifier: Member] = [ObjectIdentifier(member): member]
    for room in member.rooms where room.memberCount <= Self.toldAtOnce {
      for person in room.people { people[ObjectIdentifier(person)] = person }
    }
    let lines =
      member.rooms.flatMap { entries(of: Hub.subject(of: $0), $0.name, keys) }
      + people.values.flatMap { entries(of: hub.subject(of: $0), $0.profile.nickname, keys) }
    charge(Self.keyThousandths * people.count)
    guard !lines.isEmpty else { return }
    answerMetadata { batch in
      for line in lines { tell(line.key, line.value, of: line.name, in: batch) }
    }
  }

  func tellMetadata(of people: [Member], _ room: Room?, _ keys: Set<String>) {
    charge(Self.keyThousandths * people.count)
    answerMetadata { batch in
      if let room {
        for line in entries(of: Hub.subject(of: room), room.name, keys) {
          tell(line.key, line.value, of: line.name, in: batch)
        }
      }
      for person in people {
        for line in entries(of: hub.subject(of: person), person.profile.nickname, keys) {
          tell(line.key, line.value, of: line.name, in: batch)
        }
        pace()
      }
    }
  }

  private func entries(
    of subject: MetadataBook.Subject, _ name: String, _ keys: Set<String>
  ) -> [(key: String, value: String, name: String)] {
    hub.metadata.values(of: subject, hub.accounts?.store).filter { keys.contains($0.key) }
      .sorted { $0.key < $1.key }.map { ($0.key, $0.value, name) }
  }

  private func tell(_ key: String, _ value: String, of target: String, in batch: String?) {
    if capabilities.contains(.metadata3) {
      tell(in: batch, Numeric.keyValue.code, [nickname, target, key, "*"], value)
    } else {
      tell(in: batch, "METADATA", [target, key, "*"], value)
    }
  }

  // MARK: Batches

  /// Answers in a `metadata` batch.
  func answerMetadata(_ body: (_ batch: String?) -> Void) {
    let label = passOnLabel()
    let batch = beginAnswer("metadata", label)
    body(batch)
    if let batch { reply("BATCH", ["-\(batch)"]) }
  }

  func tell(in batch: String?, _ command: String, _ middle: [String], _ trailing: String?) {
    var bytes: [UInt8] = []
    if let batch { Tag.append([Tag("batch", batch)], to: &bytes) }
    var line = LineBuffer()
    line.append(source: hub.serverName, command, middle, trailing: trailing)
    tell(lines: bytes + line.bytes)
  }
}

extension Hub {
  /// Whose metadata a person has: its account's, or its own for as long as it is here.
  func subject(of person: Member) -> MetadataBook.Subject {
    let account = person.profile.account.flatMap { accounts?.account(named: $0) }
    return account.map { .account($0.id) } ?? .guest(person.id)
  }

  static func subject(of room: Room) -> MetadataBook.Subject {
    room.keptNumber.map { .registeredRoom($0) } ?? .room(room.epoch)
  }

  /// Forgets what rooms said of themselves that are no more.
  func forgetMetadata() {
    guard metadata.hasRooms else { return }
    metadata.forgetRooms(except: Set(registry.rooms.map(\.epoch)))
  }
}
