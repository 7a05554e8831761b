import HubbubServer
import HubbubThreads

/// The server that runs at present, of which the service manager is told: from the first one's
/// start until the last one's end, also while it returns to its network.
///
/// `begin` and `end` are called by one thread; any thread may ask.
// @unchecked: `reporting` belongs to the thread that begins and ends.
final class CurrentServer: @unchecked Sendable {
  private let service: ServiceReport
  private var reporting: NamedThread?

  /// Guards the server; nil while there is none. Nothing else is locked under it.
  private let held = Monitor<Server?>(nil)

  init(_ service: ServiceReport) { self.service = service }

  /// A server is there for everybody.
  ///
  /// - Throws: `SystemError` where no thread can be started.
  func begin(_ server: Server) throws {
    held.withLock { $0 = server }
    service.ready()
    if reporting != nil { return }
    reporting = try NamedThread(name: "service") { [service, held] in
      service.run { held.withLock { $0 }?.status ?? "not in the network" }
    }
  }

  /// It has stopped, and another may follow.
  func pause() { held.withLock { $0 = nil } }

  /// None follows. Once.
  func end() {
    service.end()
    reporting?.join()
  }
}
