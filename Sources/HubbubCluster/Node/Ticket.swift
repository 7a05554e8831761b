import HubbubRooms
import HubbubThreads

/// Waits for what comes of one action. The submitting thread waits, the one that applies fulfils;
/// any other may refuse.
final class Ticket: Sendable {
  /// Guards the result. Nothing else is locked under it.
  private let result = Monitor<Result<Outcome, Refusal>?>(nil)

  /// The first one counts.
  func fulfil(_ result: Result<Outcome, Refusal>) {
    self.result.withLock { if $0 == nil { $0 = result } }
    self.result.wakeAll()
  }

  func wait() -> Result<Outcome, Refusal> { result.wait { $0 }! }

  /// What has come of it so far. Any thread.
  var current: Result<Outcome, Refusal>? { result.withLock { $0 } }
}
