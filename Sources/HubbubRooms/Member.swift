import HubbubThreads

/// A client as rooms know it, from its connection to its end. Any thread may call any method.
public final class Member: Sendable {
  public let id: MemberID
  public let outbox: Outbox

  /// Guards what is known of the person. Level 3.
  private let state: Monitor<State>

  private struct State {
    var profile: Profile
    var rooms: [Room] = []
  }

  public init(id: MemberID, outbox: Outbox, profile: Profile) {
    self.id = id
    self.outbox = outbox
    state = Monitor(level: .member, State(profile: profile))
  }

  /// What is known of the person, as it is now.
  public var profile: Profile { state.withLock { $0.profile } }

  /// Changes what is known of the person. The nickname is the registry's to change, and the capabilities
  /// are to be changed by `Registry.setCapabilities`.
  public func updateProfile(_ change: (inout Profile) -> Void) {
    state.withLock { change(&$0.profile) }
  }

  /// The rooms it is in, in the order in which it joined.
  public var rooms: [Room] { state.withLock { $0.rooms } }

  /// Under the room's lock.
  func enter(_ room: Room) { state.withLock { $0.rooms.append(room) } }

  /// Under the room's lock.
  func leave(_ room: Room) { state.withLock { $0.rooms.removeAll { $0 === room } } }
}
