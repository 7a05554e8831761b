import HubbubThreads
import HubbubWeb
import Synchronization

/// Whether the server is well, for those who restart it when it is not. Any thread.
final class Health: Sendable {
  /// When the clock last looked at all clients, and when something was found stuck; 0 for never.
  /// Milliseconds of the monotonic clock. Relaxed: each is one number.
  private let clockBeat = Atomic<Int64>(0)
  private let stuckAt = Atomic<Int64>(0)

  /// Whether everything has been started. Relaxed: a flag.
  let isReady = Atomic<Bool>(false)

  /// Whether the other nodes of the network can be asked. Relaxed: a flag.
  let isInAgreement = Atomic<Bool>(true)

  /// The clock's thread.
  func beat(_ now: Int64) { clockBeat.store(now, ordering: .relaxed) }

  /// The watchdog's thread.
  func noteStuck(_ now: Int64) { stuckAt.store(now, ordering: .relaxed) }

  /// So late the clock looks once a second.
  private static let late: Duration = .seconds(5)

  /// So long what was stuck counts; what is stuck for longer than that holds up the clock, too.
  private static let memory: Duration = .seconds(30)

  /// What is wrong; nil where nothing is.
  func fault(now: Int64) -> String? {
    let beat = clockBeat.load(ordering: .relaxed)
    if isReady.load(ordering: .relaxed), beat > 0,
      Moment.passed(Self.late, since: beat, now: now)
    {
      return "the clock is late"
    }
    let stuck = stuckAt.load(ordering: .relaxed)
    if stuck > 0, !Moment.passed(Self.memory, since: stuck, now: now) { return "a thread is stuck" }
    return nil
  }

  /// The answer to `GET /healthz`.
  static func response(_ hub: Hub) -> HTTPResponse {
    guard let fault = hub.health.fault(now: Moment.now) else {
      return HTTPResponse(.ok, text: "ok")
    }
    return HTTPResponse(.serviceUnavailable, text: fault)
  }

  /// The answer to `GET /readyz`.
  static func readiness(_ hub: Hub) -> HTTPResponse {
    if hub.isStopping.load(ordering: .relaxed) {
      return HTTPResponse(.serviceUnavailable, text: "stopping")
    }
    guard hub.health.isInAgreement.load(ordering: .relaxed) else {
      return HTTPResponse(.serviceUnavailable, text: "the network cannot agree")
    }
    return hub.health.isReady.load(ordering: .relaxed)
      ? HTTPResponse(.ok, text: "ready") : HTTPResponse(.serviceUnavailable, text: "starting")
  }
}
