import HubbubRooms
import HubbubThreads
import IRCWire

/// The thread by which a node appends to the log: as long as the node lives, and however long the
/// engine is away.
// @unchecked: `appender` belongs to the one thread that runs it.
final class LogAppending: @unchecked Sendable {
  private let node: ClusterNode
  private let appender: Appender
  private weak let observer: (any NodeObserver)?

  /// A node that has nothing to say says so, so that the others, and it itself, see that the log
  /// goes on.
  private static let silence: Duration = .seconds(2)

  /// The engine's servers may elect a leader for so long before anybody is told.
  private static let patience: Duration = .seconds(2)

  init(
    _ node: ClusterNode, _ tenure: Tenure, _ observer: (any NodeObserver)?,
    _ now: @escaping @Sendable () -> Timestamp
  ) {
    (self.node, self.observer) = (node, observer)
    appender = Appender(
      node.engine, tenure, node.outgoing, now: now,
      check: { node.state.withLock { $0.check } })
  }

  func run() {
    var awaySince: ContinuousClock.Instant?
    var isAway = false
    while true {
      do throws(EngineError) {
        guard try appender.step(silence: Self.silence) else { return }
        awaySince = nil
        if isAway { isBack() }
        isAway = false
      } catch {
        switch error {
        case .over: return node.end("The network has declared this server dead")
        case .stopped: return
        case .strange(let what): return node.end("The engine's answer is not understood: \(what)")
        default: break
        }
        let since = awaySince ?? ContinuousClock.now
        awaySince = since
        if !isAway, ContinuousClock.now - since >= Self.patience {
          isAway = true
          wentAway(error)
        } else if isAway {
          // A batch of which nobody knew that it was there may have been read meanwhile.
          node.outgoing.pause()
        }
        if node.isOver(within: ClusterNode.pause) { return }
      }
    }
  }

  private func wentAway(_ error: EngineError) {
    node.outgoing.pause()
    node.state.withLock { $0.status.trouble = error.description }
    observer?.engineIsAway(error.description)
  }

  private func isBack() {
    node.outgoing.resume()
    node.state.withLock { $0.status.trouble = nil }
    observer?.engineIsBack()
  }
}
