import HubbubRooms

/// Rooms and people that have something new to read, each once, in the order in which they came to
/// have it.
///
/// A value of one session.
struct Recipients {
  private var rooms: [Room] = []
  private var members: [Member] = []
  private var known: Set<ObjectIdentifier> = []

  /// How many copies for one person alone were queued since the last delivery.
  private(set) var copies = 0

  mutating func insert(_ room: Room) {
    // Mostly the one that was spoken to last.
    if rooms.last === room { return }
    if known.insert(ObjectIdentifier(room)).inserted { rooms.append(room) }
  }

  mutating func insert(_ member: Member) {
    copies += 1
    if members.last === member { return }
    if known.insert(ObjectIdentifier(member)).inserted { members.append(member) }
  }

  /// Delivers to all of them what they have not read yet, and forgets them. Under no lock.
  mutating func deliver() {
    Room.deliver(to: rooms)
    for member in members { member.deliver() }
    // What a flood has made large is not kept.
    let isSmall = known.count <= 64
    rooms.removeAll(keepingCapacity: isSmall)
    members.removeAll(keepingCapacity: isSmall)
    known.removeAll(keepingCapacity: isSmall)
    copies = 0
  }
}
