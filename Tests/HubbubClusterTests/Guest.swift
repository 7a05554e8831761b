import HubbubLog
import HubbubRooms
import HubbubThreads
import IRCWire

@testable import HubbubCluster

/// Somebody at one node of a simulated network, who keeps all that it reads.
final class Guest {
  let session: MemberSession
  private let outlet = KeepingOutlet()

  /// What it has submitted and not heard of.
  var ticket: (ticket: Ticket, text: String?)?

  init(_ id: MemberID, _ nickname: String, at registry: Registry) {
    let outbox = Outbox(
      reader: id, clock: registry.clock, outlet: outlet, lagLimitBytes: .max)
    var profile = Profile(
      host: "h\(id & 0xFFFF)", signedOn: Timestamp(milliseconds: Int64(id & 0xFFFF)))
    profile.nickname = nickname
    session = MemberSession(id: id, of: Member(id: id, profile: profile), outbox: outbox)
    registry.setCapabilities([.messageTags, .serverTime, .echoMessage], of: session)
  }

  /// Whether its connection is over.
  private(set) var hasGone = false

  /// Takes what came of what it did: fills what is held for it, and reads.
  func settle(_ outcome: Outcome, at registry: Registry) {
    let outbox = session.outbox
    for receipt in outcome.receipts { outbox.fill(receipt.reservation, with: receipt.bytes) }
    switch outcome.answer {
    case .joined(let view, let others):
      if let place = view.reservation { outbox.fill(place, with: view.join ?? []) }
      for other in others {
        other.session.outbox.fill(other.view.reservation!, with: other.lines)
      }
    case .invited(let invitation): outbox.fill(invitation.reservation, with: [])
    case .attached(let attachment):
      outbox.fill(attachment.reservation, with: [])
      for room in attachment.person.rooms {
        guard let view = registry.attach(session, to: room) else { continue }
        outbox.fill(view.reservation!, with: view.join ?? [])
      }
      registry.endAttaching(session)
    case .detached: hasGone = true
    case .renamed(let newcomers):
      for newcomer in newcomers {
        newcomer.session.outbox.fill(newcomer.view.reservation!, with: newcomer.lines)
      }
    default: break
    }
    Room.deliver(to: outcome.rooms)
    for person in outcome.people { person.deliver() }
    outcome.talk?.keeper?.hasNews()
    outbox.deliver()
  }

  /// All that it has read so far.
  var lines: [String] { outlet.text.split(separator: "\r\n").map(String.init) }
}

private final class KeepingOutlet: Outlet {
  private let bytes = Monitor<[UInt8]>(level: .leaf, [])

  var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }

  func write(_ spans: UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Int {
    let offered = Array(spans.joined())
    bytes.withLock { $0 += offered }
    return offered.count
  }

  func awaitSpace(for outbox: Outbox) {}
  func deliverLater(_ news: any Undelivered) { news.deliver() }
  func shutDown() {}
}
