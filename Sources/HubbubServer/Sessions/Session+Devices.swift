import HubbubRooms
import IRCWire

// One person with several connections.

extension Session {
  /// The connection is one of a person's from now on who was here before.
  ///
  /// It is told so, and what it has missed in private; then it comes into the person's rooms, each
  /// at its place in the room's order: JOIN, topic, names, what it has missed, and from there on
  /// what everybody reads.
  ///
  /// - Parameter greeting: tells it who it is.
  func attach(_ attachment: Attachment, _ greeting: () -> Void) {
    become(attachment.person)
    let read = lastRead
    // The disk may be slow, and the others need not wait for what this one did as a guest.
    deliverPending()
    isAnsweringWhole = true
    answer(in: attachment.reservation) {
      greeting()
      if let read { replayTalks(upTo: attachment.talks, since: read) }
    }
    isAnsweringWhole = false
    for room in member.rooms {
      pace()
      flush()
      guard let view = hub.registry.attach(memberSession, to: room) else { continue }
      answerJoin(with: view, since: read)
    }
    hub.registry.endAttaching(memberSession)
    refreshAuthor(keepingLabel: true)
    charge(Self.attachThousandths * member.roomCount)
  }

  /// How much of a line each room counts.
  private static let attachThousandths = 200

  /// The connection, which was registered as somebody else, is a person's who is here: it is told
  /// that it leaves its rooms and is called otherwise, and comes into that person's.
  ///
  /// - Parameter former: as whom it was known.
  func move(_ attachment: Attachment, from former: Profile) {
    if hub.cluster == nil { hub.clients.countEnd(wasRegistered: true) }
    // A guest's number is its first connection's.
    hub.metadata.forget(.guest(client.id))
    let name = attachment.person.profile.nickname
    attach(attachment) {
      for room in attachment.left {
        tell(from: former.source, "PART", [room.name], trailing: "Logged in as \(name)")
      }
      tell(from: former.source, "NICK", [name])
    }
    for room in attachment.left where !room.isShared(by: member, and: member) {
      dispatch(Message("JOIN", room.name))
    }
  }
}
