import IRCWire

/// What came of an action: who has something to read, and what its author is told.
///
/// Deliver to everybody it names, under no lock, and fill the places it holds; otherwise they hear
/// nothing more.
public struct Outcome: Sendable {
  /// The rooms to deliver to.
  public var rooms: [Room] = []

  /// People to deliver to who may be in none of them.
  public var people: [Member] = []

  /// What was said in private is to be remembered: `keeper.hasNews` must be called, under no lock.
  public var talk: PrivateTalk?

  /// How many copies for one session alone were queued because it was said to some of a room.
  public var copies = 0

  /// The author's own copies, where they are not in the logs that it reads, in their order.
  public var receipts: [Receipt] = []

  /// What could not be done of several things; the others were.
  public var refusals: [Refusal] = []

  public var answer = Answer.none

  /// What the author is answered besides.
  public enum Answer: Sendable {
    case none

    /// The room as of the JOIN, and the person's other connections, which come into it too; all
    /// reservations must be filled.
    case joined(Room.View, others: [Room.Newcomer] = [])

    /// The connection is a person's who was here already; its reservation must be filled.
    case attached(Attachment)

    /// The connection is gone, and its person has others, or stays without.
    ///
    /// - losesRights: whether the person operated the server by it alone.
    case detached(losesRights: Bool, stays: Bool)

    /// The room was spoken in: how to refer to it next time.
    case spoken(RoomReference)

    /// The person who was spoken to, as it was then, and the message's id.
    case told(Profile, id: [UInt8])
    case invited(Room.Invitation)

    /// The modes that the person had, and has.
    case userModes(before: UserModes, now: UserModes)

    /// What was changed, as it took effect.
    case modes([ModeChange], in: Room)

    /// Members to whom it is another room, into which they come.
    case renamed([Room.Newcomer])
  }

  public init() {}

  init(in room: Room, _ receipt: Receipt? = nil) {
    rooms = [room]
    if let receipt { receipts = [receipt] }
  }
}
