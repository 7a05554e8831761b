import HubbubLog
import HubbubThreads
import IRCWire
import Synchronization

/// One connection of a person, as rooms know it: what it reads, and in which form. Any thread may
/// call any method.
///
/// A person has none, one or several. What one of them says, the others read like everybody.
///
/// 1. A connection begins as a person of its own, whom nobody knows yet.
/// 2. Where it shows that it is somebody who is here already, it becomes that person's: once, under
///    the registry's lock, and by its own thread.
/// 3. It ends; with the last one its person goes, unless that one stays.
public final class MemberSession: Sendable {
  /// By which its own events are known.
  public let id: MemberID
  public let outbox: Outbox

  /// Guards whose it is. A leaf.
  private let whose: Monitor<Whose>

  /// What it negotiated. Changed under the registry's lock (`Registry.setCapabilities`); relaxed,
  /// for whoever reads it without sees the old or the new.
  private let negotiated = Atomic<UInt64>(0)

  /// Whether it operates the server: of a person's connections only those that have shown that they
  /// may. Changed under the registry's lock; relaxed, for others need not know at once.
  private let hasOperatorRights = Atomic<Bool>(false)

  private struct Whose {
    var member: Member

    /// The keys of which it wants to be told (IRCv3 draft/metadata).
    var subscriptions: Set<String> = []

    /// How it has shown that it has its account. Nil for most.
    var credential: [UInt8]?

    /// What was known of it before it became another person's. In a box: most have none.
    var cameAs: Box?
  }

  private final class Box: Sendable {
    let profile: Profile
    init(_ profile: Profile) { self.profile = profile }
  }

  /// Whether it is a person's that it does not read all rooms of yet: what that one does it is told
  /// by itself. Under the registry's lock.
  private let readsNotAll = Atomic<Bool>(false)

  var isAttaching: Bool {
    get { readsNotAll.load(ordering: .relaxed) }
    set { readsNotAll.store(newValue, ordering: .relaxed) }
  }

  /// A further connection of `member`, which it is told of.
  public init(id: MemberID, of member: Member, outbox: Outbox) {
    self.id = id
    self.outbox = outbox
    whose = Monitor(level: .leaf, Whose(member: member))
    member.insert(self)
  }

  /// The person whose connection it is.
  public var member: Member { whose.withLock { $0.member } }

  /// What is known of the connection itself: of a person's further ones, what they came with.
  public var origin: Profile {
    let known = whose.withLock { $0 }
    return known.cameAs?.profile ?? known.member.profile
  }

  public var capabilities: Capability {
    Capability(rawValue: negotiated.load(ordering: .relaxed))
  }

  /// The form in which it reads.
  public var rendition: Rendition { Rendition(of: capabilities) }

  /// The keys of people and rooms of which it wants to be told.
  public var subscriptions: Set<String> {
    get { whose.withLock { $0.subscriptions } }
    set { whose.withLock { $0.subscriptions = newValue } }
  }

  /// How it has shown that it has its account, in the form of whoever has asked it; nil where it
  /// has none. Changed by whoever applies its actions.
  public internal(set) var credential: [UInt8]? {
    get { whose.withLock { $0.credential } }
    set { whose.withLock { $0.credential = newValue } }
  }

  func isSubscribed(to key: String) -> Bool {
    whose.withLock { $0.subscriptions.contains(key) }
  }

  public internal(set) var isOperating: Bool {
    get { hasOperatorRights.load(ordering: .relaxed) }
    set { hasOperatorRights.store(newValue, ordering: .relaxed) }
  }

  /// Whether it is a connection to another node: what is said to it is delivered there.
  public var isElsewhere: Bool { outbox.takesNothing }

  /// Queues lines for it alone, in its form. Deliver afterwards.
  public func enqueue(lines: [UInt8]) {
    guard rendition.isText else { return outbox.enqueue(lines) }
    var text: [UInt8] = []
    Rendition.appendText(of: lines, to: &text)
    outbox.enqueue(text)
  }

  /// The person's other connections.
  public var others: [MemberSession] { member.sessions.filter { $0 !== self } }

  /// Under the registry's lock.
  func negotiate(_ capabilities: Capability) {
    negotiated.store(capabilities.rawValue, ordering: .relaxed)
  }

  /// Is another person's from now on. Under the registry's lock.
  func move(to person: Member) {
    let former = Box(origin)
    whose.withLock { ($0.member, $0.cameAs) = (person, former) }
    isAttaching = true
    isOperating = false
    person.insert(self)
  }
}
