import Glibc
import HubbubDial
import HubbubThreads
import IRCWire

/// What the network side has to tell the terminal's thread, in order.
///
/// Any thread may put; one takes. Where the terminal is too slow for the network, the network
/// waits: then the server sees a slow reader, and no memory is lost.
final class Inbox: Sendable {
  enum Event: Sendable {
    case up(Registration.Welcome)
    case message(Message, at: Timestamp)

    /// The connection ended, or could not be made; another attempt follows after the pause.
    case down(reason: String, pause: Duration, isDistrust: Bool)

    /// Another connection is being made, because a person wants it.
    case restarted

    /// Nobody tries again until a person wants it.
    case parked(reason: String)

    /// It makes no sense to go on.
    case gaveUp(ChatExit, reason: String)
  }

  /// More events than this wait for nobody.
  static let limit = 20_000

  private struct State {
    var events: [Event] = []
    var isClosed = false
  }

  /// Guards what waits to be taken.
  private let state = Monitor(level: .leaf, State())
  private let pipe: EventPipe

  /// - Parameter pipe: woken when there is something to take.
  init(waking pipe: EventPipe) { self.pipe = pipe }

  /// Waits for room where there is none.
  func put(_ event: Event) {
    let isFirst = state.wait { state -> Bool? in
      if state.isClosed { return false }
      guard state.events.count < Self.limit else { return nil }
      state.events.append(event)
      return state.events.count == 1
    }
    if isFirst == true { pipe.wake() }
  }

  /// Everything that waits. The terminal's thread.
  func take() -> [Event] {
    let events = state.withLock { state in
      defer { state.events.removeAll() }
      return state.events
    }
    if events.count >= Self.limit { state.wakeAll() }
    return events
  }

  /// Nobody takes any more: what is put from now on is dropped.
  func close() {
    state.withLock { $0.isClosed = true }
    state.wakeAll()
  }
}
