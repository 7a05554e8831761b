import HubbubRooms
import IRCWire

// One person with several connections.

extension Session {
  /// Comes into the rooms in which its person is, each at its place in the room's order: JOIN, topic,
  /// names, and from there on what everybody reads.
  func attachToRooms() {
    let read = lastRead
    for room in member.rooms {
      pace()
      flush()
      guard let view = hub.registry.attach(memberSession, to: room) else { continue }
      answerJoin(with: view, since: read)
    }
    charge(Self.attachThousandths * member.roomCount)
  }

  /// How much of a line each room counts.
  private static let attachThousandths = 200

  /// The connection, which was registered as somebody else, is a person's who is here: it is told
  /// that it leaves its rooms and is called otherwise, and comes into that person's.
  ///
  /// - Parameters:
  ///   - former: as whom it was known.
  ///   - rooms: those that it has left as that one.
  func move(to person: Member, from former: Profile, leaving rooms: [Room]) {
    hub.clients.countEnd(ofRegistered: former)
    for room in rooms {
      tell(
        from: former.source, "PART", [room.name],
        trailing: "Logged in as \(person.profile.nickname)")
    }
    tell(from: former.source, "NICK", [person.profile.nickname])
    become(person)
    attachToRooms()
    for room in rooms where !room.isShared(by: member, and: member) {
      dispatch(Message("JOIN", room.name))
    }
  }
}
