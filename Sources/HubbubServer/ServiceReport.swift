import HubbubSockets
import HubbubThreads
import Logging

/// What the service manager is told of a server, from its start to its end. Any thread.
///
/// Where there is none to tell, nothing happens. What cannot be told is logged: a service that never says
/// that it is ready is killed after a while.
public final class ServiceReport: Sendable {
  private let notifier: ServiceNotifier?
  private let logger: Logger
  private let isStopping = Monitor(false)

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
  public func ready() { send(.ready) }

  /// The settings are being read again; `ready()` must follow, whatever becomes of it.
  public func reloading() {
    send(.reloading(monotonic: .milliseconds(Moment.now)))
  }

  /// The server stops. `run` returns.
  public func stopping() {
    send(.stopping)
    isStopping.withLock { $0 = true }
    isStopping.wakeAll()
  }

  /// Says now and then that the server is well, and what it does; returns when it stops.
  ///
  /// - Parameter status: one line for people. It is asked before each sign of life, and should look at what
  ///   the server needs to be alive: if it hangs, the service manager hears nothing, and restarts the service.
  public func run(status: () -> String) {
    let interval = notifier?.keepAliveInterval ?? Self.statusInterval
    repeat {
      let text = status()
      guard notifier?.keepAliveInterval != nil else {
        send(.status(text))
        continue
      }
      send(.status(text), .alive)
    } while isStopping.wait(upTo: interval, for: { $0 ? true : nil }) == nil
  }

  private static let statusInterval: Duration = .seconds(30)

  private func send(_ facts: ServiceNotifier.Fact...) {
    do {
      for fact in facts { try notifier?.send(fact) }
    } catch {
      logger.warning("cannot tell the service manager", metadata: ["reason": "\(error)"])
    }
  }
}
