import CLinux
import Glibc
import HubbubSockets
import HubbubThreads

/// Many silent clients on one thread: what a server carries besides those who talk.
final class IdleCrowd: Sendable {
  /// How many share a room.
  static let roomClients = 20

  /// How many may be on their way in at the same time.
  static let greatestInFlight = 200

  private let state = Monitor(State())
  private let bell: Bell
  private let thread: NamedThread

  private struct State {
    var elapsed: Nanoseconds?
    var failure: (any Error)?
    var isDismissed = false
    var lost = 0
  }

  /// Starts to connect at once.
  ///
  /// - Throws: `SystemError` when the system has no descriptor or no room for a thread.
  init(_ plan: Plan) throws {
    let bell = try Bell()
    let state = self.state
    self.bell = bell
    thread = try NamedThread(name: "idle-crowd") {
      do {
        var usher = try Usher(plan, bell: bell)
        try usher.admitAll { elapsed in
          state.withLock { $0.elapsed = elapsed }
          state.wakeAll()
        }
        try usher.keep(
          until: { state.withLock { $0.isDismissed } },
          lost: { state.withLock { $0.lost += 1 } })
      } catch {
        state.withLock { $0.failure = error }
        state.wakeAll()
      }
    }
  }

  /// Waits until all are in their rooms.
  ///
  /// - Returns: how many seconds that took.
  /// - Throws: `Swarm.Refused`.
  func awaitEnrolment() throws -> Double {
    let result = state.wait(upTo: .seconds(300)) { state -> Result<Nanoseconds, any Error>? in
      if let failure = state.failure { return .failure(failure) }
      return state.elapsed.map { .success($0) }
    }
    switch result {
    case .success(let elapsed): return elapsed.seconds
    case .failure(let error):
      dismiss()
      throw Swarm.Refused(description: Hints.refusedIdle(reason: "\(error)"))
    case nil:
      dismiss()
      throw Swarm.Refused(description: "Not all idle clients were in their rooms after 300 s.")
    }
  }

  /// How many lost their connection after they were in.
  var lost: Int { state.withLock { $0.lost } }

  /// Ends it. Once.
  func dismiss() {
    state.withLock { $0.isDismissed = true }
    bell.ring()
    thread.join()
  }
}
