import HubbubLog
import IRCWire

/// What remembers rooms: a reader of each room's log that is no member and no connection.
///
/// Rooms know this and no database. Nothing here waits, and nothing here is ever waited for.
public protocol RoomArchive: AnyObject, Sendable {
  /// A room is about to be made. Under the registry's lock.
  ///
  /// - Parameters:
  ///   - epoch: what its message ids begin with, never given before but to this life.
  ///   - place: where it goes on, where the nodes of a network have that in common; nil to decide.
  /// - Returns: where it goes on; nil where it is not remembered.
  func open(_ name: String, epoch: String, at place: RoomPlace?) -> RoomPast?

  /// The name under which it is remembered what two accounts say to each other; nil where it is
  /// not, as where one of them does not want it. Under the registry's lock.
  func talk(of account: String, with other: String) -> String?

  /// The same whatever they want now: what was said before is taken back there.
  func formerTalk(of account: String, with other: String) -> String?

  /// The names of all talks of an account. Under the registry's lock.
  func talks(of account: String) -> [String]

  /// Whether something is remembered under a name. Under the registry's lock.
  func remembers(_ name: String) -> Bool

  /// Where everything that is remembered goes on, by name, as a network begins with it. The origin
  /// of what knows of none is empty.
  var places: [(name: String, isTalk: Bool, place: RoomPlace)] { get }
}

/// What remembers one life of one room. Its methods wait for nothing.
public protocol RoomKeeper: AnyObject, Sendable {
  /// All that is published from now on is in this log. Once, before anything is published; under
  /// the room's lock.
  func follow(_ tail: LogTail)

  /// From a number on, it is for those who are there alone to know what is said, or not. Under the
  /// room's lock; may say what was said before.
  func noteRestriction(_ isRestricted: Bool, from sequence: UInt64)

  /// The room has another name. Under the registry's lock.
  func rename(to name: String)

  /// The room is over. Once, under the registry's lock.
  ///
  /// - Parameters:
  ///   - last: the number of its last entry.
  ///   - time: of that.
  func close(last: UInt64, at time: Timestamp)

  /// Something was published, and nobody has read it yet. Any thread, under no lock.
  func hasNews()
}

/// Where a room or talk of a network goes on, on every node alike.
public struct RoomPlace: Sendable, Equatable {
  /// The first life's `Room.epoch`: one with another is another room, whatever its name.
  public let origin: String

  /// The number of its last entry so far; 0 for none.
  public let last: UInt64

  public init(origin: String, last: UInt64) { (self.origin, self.last) = (origin, last) }
}

/// Where a room goes on that is remembered.
public struct RoomPast: Sendable {
  public let keeper: any RoomKeeper

  /// The number of its first entry in this life, 1 or more.
  public let firstSequence: UInt64

  /// Nothing in this life is older than that.
  public let time: Timestamp

  public init(keeper: any RoomKeeper, firstSequence: UInt64, time: Timestamp) {
    (self.keeper, self.firstSequence, self.time) = (keeper, firstSequence, time)
  }

  /// The form in which a room is remembered: all that any reader of its history may be sent.
  static let rendition = Rendition(of: [
    .messageTags, .serverTime, .accountTag, .extendedJoin, .changeHost, .channelRename,
    .messageRedaction, .batch, .multiline,
  ])
}
