import HubbubLog
import HubbubThreads
import IRCWire
import Synchronization

/// A person as rooms know it: its name, its rooms, its sessions. Any thread may call any method.
public final class Member: Sendable {
  public let id: MemberID

  /// Guards what is known of the person. Level 3.
  private let state: Monitor<State>

  /// Counts the changes of the profile, so that whoever keeps a part of it knows when to look
  /// again. Relaxed: a moment later does as well.
  private let changes = Atomic<Int>(0)

  /// When the person last said something, in milliseconds as in `Timestamp`. Relaxed: for WHOIS.
  private let spokeAt: Atomic<Int64>

  private struct State {
    var profile: Profile
    var sessions: [MemberSession] = []

    /// By which it acts while it has none, because it stays.
    var lastSession: MemberSession?

    /// Why it is away, by the sessions that have said so.
    var absences: [MemberID: String] = [:]
    var rooms = OrderedObjects<Room>()
    var invitations: [Room] = []
    var hasQuit = false

    /// Whether it is to go with its last session, though it would stay.
    var isExpelled = false
  }

  /// A person without a session yet.
  public init(id: MemberID, profile: Profile) {
    self.id = id
    spokeAt = Atomic(profile.signedOn.milliseconds)
    state = Monitor(level: .member, State(profile: profile))
  }

  /// What is known of the person, as it is now.
  public var profile: Profile { state.withLock { $0.profile } }

  /// Its connections; none once it has quit, and while it stays without one.
  public var sessions: [MemberSession] { state.withLock { $0.sessions } }

  func insert(_ session: MemberSession) {
    state.withLock { state in
      state.sessions.append(session)
      state.lastSession = nil
    }
  }

  /// Lets one of its sessions go, which reads its rooms no more. Under the registry's lock.
  func remove(_ session: MemberSession) {
    state.withLock { state in
      state.sessions.removeAll { $0 === session }
      state.absences[session.id] = nil
      if state.sessions.isEmpty { state.lastSession = session }
    }
  }

  /// One of its sessions, by which others do something to it; the last that it had, where it has
  /// none now.
  public var anySession: MemberSession? {
    state.withLock { $0.sessions.first ?? $0.lastSession }
  }

  /// Notes that one of its sessions is away, or back (nil). Under the registry's lock.
  func setAbsence(_ message: String?, of session: MemberSession) {
    state.withLock { $0.absences[session.id] = message }
  }

  /// What is to be said of its absence: it is away when all its sessions are, and words of one come
  /// before the mere absence of others (`*`, IRCv3 draft/pre-away).
  var absence: String? {
    state.withLock { state in
      let absences = state.sessions.compactMap { state.absences[$0.id] }
      guard absences.count == state.sessions.count else { return nil }
      return absences.first { $0 != Self.mereAbsence } ?? Self.mereAbsence
    }
  }

  /// "If the client sends `AWAY *`, the server MUST treat this as a request to mark the user as
  /// away without a human-readable message" (IRCv3 draft/pre-away).
  public static let mereAbsence = "*"

  /// Why one of its sessions is away; nil where that is not.
  func absence(of session: MemberSession) -> String? { state.withLock { $0.absences[session.id] } }

  /// By which it acts while it has none; nil where it has one.
  var actsBy: MemberSession? { state.withLock { $0.lastSession } }

  /// Is in these rooms, and invited to those. As it is restored, before anybody knows of it.
  func restore(rooms: [Room], invitations: [Room], expelled: Bool) {
    state.withLock { state in
      for room in rooms { state.rooms.insert(room) }
      state.invitations = invitations
      state.isExpelled = expelled
    }
  }

  /// Delivers to each of its sessions. Under no lock.
  public func deliver() {
    for session in sessions {
      session.outbox.deliver()
      session.outbox.endIfLagging()
    }
  }

  /// Changes what is known of the person. The nickname is the registry's to change.
  public func updateProfile<Result>(_ change: (inout Profile) -> Result) -> Result {
    state.withLock { state in
      defer { changes.add(1, ordering: .relaxed) }
      return change(&state.profile)
    }
  }

  /// How often the profile has changed. Any thread.
  public var profileChanges: Int { changes.load(ordering: .relaxed) }

  /// When the person last said something; at first, when it came.
  public var lastSpoke: Timestamp { Timestamp(milliseconds: spokeAt.load(ordering: .relaxed)) }

  /// Notes that the person says something.
  public func recordSpeech(at time: Timestamp) {
    spokeAt.store(time.milliseconds, ordering: .relaxed)
  }

  /// The rooms it is in, in the order in which it joined. Takes one step for each.
  public var rooms: [Room] { state.withLock { $0.rooms.inOrder } }

  /// How many rooms it is in. Any thread.
  public var roomCount: Int { state.withLock { $0.rooms.count } }

  /// Whether it is in a room. Any thread.
  func isIn(_ room: Room) -> Bool { state.withLock { $0.rooms.contains(room) } }

  /// The rooms it is in, to ask whether others are in one of them. Any thread.
  public var roomIdentities: Set<ObjectIdentifier> { Set(rooms.lazy.map { ObjectIdentifier($0) }) }

  /// Whether it is in one of these rooms. Any thread.
  public func isIn(oneOf rooms: Set<ObjectIdentifier>) -> Bool {
    self.rooms.contains { rooms.contains(ObjectIdentifier($0)) }
  }

  /// The rooms that it was invited to and has not joined, the oldest first; closed rooms are none.
  public var invitations: [Room] { state.withLock { $0.invitations }.filter { !$0.isClosed } }

  /// Forgets invitations to rooms that are over. Under the registry's lock.
  func dropClosedInvitations() {
    let closed = state.withLock { $0.invitations }.filter(\.isClosed)
    guard !closed.isEmpty else { return }
    state.withLock { state in
      state.invitations.removeAll { room in closed.contains { $0 === room } }
    }
  }

  /// Notes an invitation; the oldest gives way where there are too many. Under the room's lock.
  ///
  /// - Returns: the room whose invitation was given up for it.
  /// - Throws: `.hasQuit`, for then nobody would take the invitation back.
  func addInvitation(to room: Room) throws(Refusal) -> Room? {
    try state.withLock { (state) throws(Refusal) in
      if state.hasQuit { throw .hasQuit }
      state.invitations.removeAll { $0 === room }
      state.invitations.append(room)
      return state.invitations.count > Self.invitationsKept ? state.invitations.removeFirst() : nil
    }
  }

  /// Under the room's lock.
  func forgetInvitation(to room: Room) {
    state.withLock { $0.invitations.removeAll { $0 === room } }
  }

  private static let invitationsKept = 50

  /// Whether it has left for good: it can have no name and no room any more. Under the registry's
  /// lock.
  var hasQuit: Bool { state.withLock { $0.hasQuit } }

  /// Whether it is nobody's any more. Any thread.
  public var hasLeft: Bool { hasQuit }

  /// Under the registry's lock.
  func markQuit() { state.withLock { $0.hasQuit = true } }

  /// Whether it is to go, and is not to stay. Under the registry's lock.
  var isExpelled: Bool { state.withLock { $0.isExpelled } }

  /// Under the registry's lock.
  func expel() { state.withLock { $0.isExpelled = true } }

  /// Lets go of the sessions of somebody who has left all rooms: they keep the person, and it would
  /// keep them. Under the registry's lock.
  func releaseSessions() {
    state.withLock { ($0.sessions, $0.lastSession, $0.absences) = ([], nil, [:]) }
  }

  /// Lets go of its rooms as well. Under the registry's lock.
  func dissolve() {
    releaseSessions()
    state.withLock { ($0.rooms, $0.invitations) = (OrderedObjects(), []) }
  }

  /// Under the room's lock.
  func enter(_ room: Room) { state.withLock { $0.rooms.insert(room) } }

  /// Under the room's lock.
  func leave(_ room: Room) { state.withLock { $0.rooms.remove(room) } }
}
