import HubbubLog
import HubbubRooms
import HubbubThreads

/// An outlet whose first write does not return before it is told to, as if its thread had lost the
/// processor.
final class HeldOutlet: Outlet {
  private let state = Monitor(State())

  private struct State {
    var bytes: [UInt8] = []
    var isHeld = false
    var mayGoOn = false
  }

  func write(_ spans: UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Int {
    let offered = Array(spans.joined())
    state.withLock { state in
      state.bytes += offered
      state.isHeld = true
    }
    state.wakeAll()
    _ = state.wait { $0.mayGoOn ? true : nil }
    return offered.count
  }

  func awaitSpace(for outbox: Outbox) {}
  func deliverLater(_ news: any Undelivered) { news.deliver() }
  func shutDown() {}

  /// Waits until somebody is in `write`.
  func waitUntilHeld() { _ = state.wait { $0.isHeld ? true : nil } }

  func goOn() {
    state.withLock { $0.mayGoOn = true }
    state.wakeAll()
  }

  var text: String { String(decoding: state.withLock { $0.bytes }, as: UTF8.self) }
}
