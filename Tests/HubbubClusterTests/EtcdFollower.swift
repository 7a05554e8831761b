import HubbubThreads

@testable import HubbubCluster

/// Reads a log on a thread of its own, and goes on where a server goes away, until `end` or until
/// nobody has it any more.
final class EtcdFollower: Sendable {
  private let engine: EtcdEngine
  private let thread: NamedThread

  /// Guards what was read.
  private let state: Monitor<State>

  private struct State {
    var entries: [LogEntry] = []

    /// What ended it; nil while it goes on.
    var end: EngineError?
    var isJoined = false
  }

  init(_ settings: EtcdSettings, after revision: Int64 = 0) throws {
    let engine = EtcdEngine(settings)
    let state = Monitor(State())
    (self.engine, self.state) = (engine, state)
    thread = try NamedThread(name: "follower") { Self.run(engine, state, after: revision) }
  }

  deinit { _ = end() }

  private static func run(
    _ engine: EtcdEngine, _ state: Monitor<State>, after revision: Int64
  ) {
    var last = revision
    while true {
      do throws(EngineError) {
        try engine.follow(after: last, patience: .seconds(10)) { entries in
          state.withLock { $0.entries += entries }
          state.wakeAll()
          last = entries.last!.revision
          return true
        }
      } catch {
        switch error {
        case .away, .silent: continue
        default:
          state.withLock { $0.end = error }
          state.wakeAll()
          return
        }
      }
    }
  }

  /// Waits until there are so many, and returns all that there are then.
  func entries(_ count: Int) -> [LogEntry] {
    state.wait(upTo: .seconds(60)) { $0.entries.count >= count ? $0.entries : nil } ?? []
  }

  /// Waits for what ends it.
  func ending() -> EngineError? { state.wait(upTo: .seconds(60)) { $0.end } }

  /// Ends it, and returns all that it has read.
  func end() -> [LogEntry] {
    engine.stop()
    let isJoined = state.withLock { state in
      defer { state.isJoined = true }
      return state.isJoined
    }
    if !isJoined { thread.join() }
    return state.withLock { $0.entries }
  }
}
