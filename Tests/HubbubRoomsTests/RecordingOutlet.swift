import HubbubLog
import HubbubRooms
import HubbubThreads

/// An outlet that keeps what it is given, takes only so much at once, and notices two writers at a time.
final class RecordingOutlet: Outlet {
  private let state: Monitor<State>

  private struct State {
    var bytes: [UInt8] = []
    var room: Int
    var isWriting = false
    var hadTwoWriters = false
    var waiting: Outbox?
    var later: [any Undelivered] = []
    var isShutDown = false
    var writesAfterShutDown = 0
    var writes = 0
    var whileWriting: (@Sendable () -> Void)?
  }

  /// - Parameter room: how many bytes it takes before it is full.
  init(room: Int = .max) { state = Monitor(level: .leaf, State(room: room)) }

  func write(_ spans: UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Int {
    state.withLock { state in
      state.hadTwoWriters = state.hadTwoWriters || state.isWriting
      state.isWriting = true
      state.writes += 1
      if state.isShutDown { state.writesAfterShutDown += 1 }
    }
    defer { state.withLock { $0.isWriting = false } }
    let interruption = state.withLock { state in
      defer { state.whileWriting = nil }
      return state.whileWriting
    }
    interruption?()
    let offered = Array(spans.joined())
    return state.withLock { state in
      let taken = min(offered.count, state.room)
      state.bytes += offered.prefix(taken)
      if state.room != .max { state.room -= taken }
      return taken
    }
  }

  func awaitSpace(for outbox: Outbox) { state.withLock { $0.waiting = outbox } }
  func deliverLater(_ news: any Undelivered) { state.withLock { $0.later.append(news) } }
  func shutDown() { state.withLock { $0.isShutDown = true } }

  /// Does something in the middle of the next write, as another thread may.
  func interruptNextWrite(_ body: @escaping @Sendable () -> Void) {
    state.withLock { $0.whileWriting = body }
  }

  /// Makes room, and says so to whoever waits for it, as the writable watcher does.
  func makeRoom(_ count: Int) {
    let waiting = state.withLock { state in
      state.room = state.room == .max || count == .max ? .max : state.room + count
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.spaceIsFree()
  }

  /// Delivers what was left to be delivered later, as the writable watcher does.
  func runLater() {
    while true {
      let later = state.withLock { state in
        defer { state.later = [] }
        return state.later
      }
      if later.isEmpty { return }
      for news in later { news.deliver() }
    }
  }

  var isShutDown: Bool { state.withLock { $0.isShutDown } }
  var isAwaited: Bool { state.withLock { $0.waiting != nil } }
  var hadTwoWriters: Bool { state.withLock { $0.hadTwoWriters } }
  var writes: Int { state.withLock { $0.writes } }
  var writesAfterShutDown: Int { state.withLock { $0.writesAfterShutDown } }

  /// What was written, line by line, without the endings; people are known by their nicknames alone.
  var lines: [String] {
    String(decoding: state.withLock { $0.bytes }, as: UTF8.self)
      .split(separator: "\r\n").map { String($0).replacing("!user@host", with: "") }
  }
}
