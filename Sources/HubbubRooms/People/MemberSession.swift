import HubbubLog
import IRCWire
import Synchronization

/// One connection of a person, as rooms know it: what it reads, and in which form. Any thread may
/// call any method.
///
/// A person has none, one or several. What one of them says, the others read like everybody.
public final class MemberSession: Sendable {
  /// By which its own events are known.
  public let id: MemberID
  public let member: Member
  public let outbox: Outbox

  /// What it negotiated. Changed under the registry's lock (`Registry.setCapabilities`); relaxed,
  /// for whoever reads it without sees the old or the new.
  private let negotiated = Atomic<UInt64>(0)

  /// A further connection of `member`, which it is told of.
  public init(id: MemberID, of member: Member, outbox: Outbox) {
    self.id = id
    self.member = member
    self.outbox = outbox
    member.insert(self)
  }

  public var capabilities: Capability {
    Capability(rawValue: negotiated.load(ordering: .relaxed))
  }

  /// The form in which it reads.
  public var rendition: Rendition { Rendition(of: capabilities) }

  /// Under the registry's lock.
  func negotiate(_ capabilities: Capability) {
    negotiated.store(capabilities.rawValue, ordering: .relaxed)
  }
}
