import HubbubSockets
import HubbubThreads
import Logging

/// What the service manager is told of a server, from its start to its end. Any thread.
///
/// Where there is none to tell, nothing happens, and nothing here ever waits for it: while it does
/// not listen, what it missed is counted, and what state the server is in is said again until it is
/// heard. A service that never says that it is ready is killed after a while.
public final class ServiceReport: Sendable {
  private let notifier: ServiceNotifier?
  private let logger: Logger

  /// Guards what is still to be said. Nothing else is locked under it.
  private let state = Monitor(State())

  private struct State {
    /// What the server is by now: ready, reloading, stopping; nil once it was said.
    var unsaid: ServiceNotifier.Fact?

    /// What was not heard since the manager last listened.
    var missed = 0
    var isStopping = false
  }

  /// - Parameter environment: the process's.
  public init(environment: [String: String], logger: Logger) {
    self.logger = logger
    do {
      notifier = try ServiceNotifier(environment: environment)
    } catch {
      logger.warning("cannot tell the service manager", metadata: ["reason": "\(error)"])
      notifier = nil
    }
  }

  /// The server is there for everybody: started, or with its new settings in force.
  public func ready() { announce(.ready) }

  /// The settings are being read again; `ready()` must follow, whatever becomes of it.
  public func reloading() {
    announce(.reloading(monotonic: .milliseconds(Moment.now)))
  }

  /// The server stops; `end` should follow.
  public func stopping() { announce(.stopping) }

  /// Nothing more is said: `run` returns.
  public func end() {
    state.withLock { $0.isStopping = true }
    state.wakeAll()
  }

  /// Says now and then that the server is well, and what it does; returns when it stops.
  ///
  /// - Parameter status: one line for people. It is asked before each sign of life, and should look
  ///   at what the server needs to be alive: if it hangs, the service manager hears nothing, and
  ///   restarts the service.
  public func run(status: () -> String) {
    let interval = notifier?.keepAliveInterval ?? Self.statusInterval
    while true {
      var facts = [ServiceNotifier.Fact.status(status())]
      if notifier?.keepAliveInterval != nil { facts.append(.alive) }
      let unsaid = state.withLock { $0.unsaid }
      let isHeard = (unsaid.map { say($0) } ?? true) && send(facts)
      let pause = isHeard ? interval : min(interval, Self.retryInterval)
      if state.wait(upTo: pause, for: { $0.isStopping ? true : nil }) != nil { return }
    }
  }

  private static let statusInterval: Duration = .seconds(30)

  /// How soon the manager is tried again when it did not listen.
  private static let retryInterval: Duration = .seconds(1)

  private func announce(_ fact: ServiceNotifier.Fact) {
    state.withLock { $0.unsaid = fact }
    _ = say(fact)
  }

  /// Says what the server is; later ones take its place.
  private func say(_ fact: ServiceNotifier.Fact) -> Bool {
    guard send([fact]) else { return false }
    state.withLock { if $0.unsaid == fact { $0.unsaid = nil } }
    return true
  }

  /// - Returns: false where it should be tried again soon.
  private func send(_ facts: [ServiceNotifier.Fact]) -> Bool {
    guard let notifier else { return true }
    do throws(SystemError) {
      var isHeard = true
      for fact in facts where isHeard { isHeard = try notifier.send(fact) }
      note(isHeard)
      return isHeard
    } catch {
      logger.warning("cannot tell the service manager", metadata: ["reason": "\(error)"])
      return true
    }
  }

  private func note(_ isHeard: Bool) {
    let (missed, isFirst) = state.withLock { state in
      defer { state.missed = isHeard ? 0 : state.missed + 1 }
      return (state.missed, state.missed == 0)
    }
    if isHeard, missed > 0 {
      logger.notice("the service manager listens again", metadata: ["missed": "\(missed)"])
    } else if !isHeard, isFirst {
      logger.warning(
        "the service manager does not listen", metadata: ["reason": "its queue is full"])
    }
  }
}
