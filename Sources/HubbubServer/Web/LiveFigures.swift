import HubbubRooms
import HubbubThreads
import HubbubWeb
import IRCWire

/// Those who look at the dashboard, and the thread that tells them once a second what the server
/// does. While nobody looks it sleeps.
final class LiveFigures: Sendable {
  /// Guards who looks. Nothing else is locked under it.
  private let state = Monitor(State())

  private struct State {
    var viewers: [MemberID: LiveViewer] = [:]
    var isStopping = false
  }

  /// This many may look; one more: 503.
  static let maximumViewers = 16

  var isFull: Bool { state.withLock { $0.viewers.count >= Self.maximumViewers } }

  /// - Returns: false where there are too many, or the server stops.
  func insert(_ viewer: LiveViewer) -> Bool {
    let isIn = state.withLock { state in
      guard !state.isStopping, state.viewers.count < Self.maximumViewers else { return false }
      state.viewers[viewer.id] = viewer
      return true
    }
    state.wakeAll()
    return isIn
  }

  func remove(_ id: MemberID) {
    state.withLock { $0.viewers[id] = nil }
    state.wakeAll()
  }

  /// Its own thread.
  func run(_ hub: Hub) {
    var before: ServerFigures?
    while let viewers = wait(isFirst: before == nil) {
      guard !viewers.isEmpty else {
        before = nil
        continue
      }
      let now = ServerFigures(hub)
      // Rates need two looks.
      if let before { tell(viewers, now, since: before, hub) }
      before = now
    }
  }

  /// Waits for somebody to look, and then for a second.
  ///
  /// - Returns: nil when the server stops.
  private func wait(isFirst: Bool) -> [LiveViewer]? {
    if isFirst {
      let isStopping = state.wait { state -> Bool? in
        state.isStopping ? true : state.viewers.isEmpty ? nil : false
      }
      return isStopping == true ? nil : state.withLock { Array($0.viewers.values) }
    }
    guard state.wait(upTo: Self.period, for: { $0.isStopping ? true : nil }) == nil else {
      return nil
    }
    return state.withLock { Array($0.viewers.values) }
  }

  private static let period: Duration = .seconds(1)

  private func tell(
    _ viewers: [LiveViewer], _ now: ServerFigures, since before: ServerFigures, _ hub: Hub
  ) {
    for seesSecrets in [false, true] {
      let some = viewers.filter { $0.seesSecrets == seesSecrets }
      if some.isEmpty { continue }
      let block = now.block(since: before, withSecrets: seesSecrets, hub)
      // Every figure is a number.
      guard let line = try? block.encoded() else { continue }
      for viewer in some { viewer.show(line) }
    }
  }

  /// Ends all who look, those who do not read what is left for them after a while. Any thread.
  func stop(patience: Duration) {
    let viewers = state.withLock { state in
      state.isStopping = true
      return Array(state.viewers.values)
    }
    state.wakeAll()
    for viewer in viewers { viewer.end("The server is stopping.", .goingAway) }
    _ = state.wait(upTo: patience) { $0.viewers.isEmpty ? true : nil }
    for viewer in state.withLock({ Array($0.viewers.values) }) { viewer.cutOff() }
  }
}
