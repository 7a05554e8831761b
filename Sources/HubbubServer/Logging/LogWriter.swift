import DequeModule
import Glibc
import HubbubSockets
import HubbubThreads

/// Writes log lines on a thread of its own, so that nobody who logs ever waits for a disk or a
/// pipe.
///
/// A bounded queue: what does not fit, or cannot be written, is dropped, counted, and said as soon
/// as there is room again.
// @unchecked: `thread` is written in `init` and read in `close()`, both by the owner; the rest of
// what changes is the log thread's own.
public final class LogWriter: @unchecked Sendable {
  /// Guards the lines. Nothing else is locked under it.
  private let state = Monitor(State())
  private let descriptor: Int32
  private let patience: Duration
  private var thread: NamedThread?

  /// Lines that were lost and not said yet. The log thread's own.
  private var lost = 0

  /// Whether the end's patience is over. The log thread's own.
  private var hasGivenUp = false

  /// Whether what was written last is cut in the middle of a line. The log thread's own.
  private var isCut = false

  private struct State {
    var lines: Deque<String> = []
    var dropped = 0

    /// Whether the thread has written its last.
    var hasEnded = false

    /// When the rest is given up; nil before the end.
    var deadline: ContinuousClock.Instant?
  }

  /// This many lines may wait. One more is dropped and counted.
  private static let maxCount = 10_000

  /// What a pipe that can be written to takes at once: `PIPE_BUF`.
  private static let pieceBytes = 4096

  /// - Parameters:
  ///   - descriptor: where to write; it stays the caller's.
  ///   - patience: how long `close()` waits for somebody who does not read.
  /// - Throws: `SystemError` when the thread cannot be started.
  public init(descriptor: Int32 = 2, patience: Duration = .seconds(2)) throws {
    self.descriptor = descriptor
    self.patience = patience
    thread = try NamedThread(name: "log") { [unowned self] in run() }
  }

  /// Queues a line, without its ending. Any thread; never waits for the writing.
  public func write(_ line: String) {
    state.withLock { state in
      if state.lines.count < Self.maxCount {
        state.lines.append(line)
      } else {
        state.dropped += 1
      }
    }
    state.wakeAll()
  }

  /// Writes what is queued, for as long as somebody takes it, and ends the thread. The owner, once.
  public func close() {
    state.withLock { $0.deadline = .now + patience }
    state.wakeAll()
    // A pipe that nobody reads gives up by itself; a disk that hangs does not.
    let hasEnded = state.wait(upTo: patience * 2) { $0.hasEnded ? true : nil } ?? false
    if hasEnded { return thread?.join() ?? () }
    thread?.abandon()
    // The thread still uses it, for as long as the disk hangs.
    _ = Unmanaged.passRetained(self)
  }

  // MARK: The log thread

  private func run() {
    while let work = nextWork() {
      lost += work.dropped
      for line in work.lines where !write(whole: line) { lost += 1 }
      // Said behind what could be written: there is room.
      if lost > 0, write(whole: "log: \(lost) lines were dropped") { lost = 0 }
    }
    state.withLock { $0.hasEnded = true }
    state.wakeAll()
  }

  private func nextWork() -> State? {
    state.wait { state -> State?? in
      guard state.lines.isEmpty, state.dropped == 0 else {
        defer { state = State(deadline: state.deadline) }
        return state
      }
      return state.deadline == nil ? nil : .some(nil)
    }!
  }

  /// - Returns: whether all of the line was written.
  private func write(whole line: String) -> Bool {
    var text = (isCut ? "\n" : "") + line + "\n"
    return text.withUTF8 { bytes in
      var start = 0
      while start < bytes.count {
        guard let count = writeNow(UnsafeRawBufferPointer(.init(rebasing: bytes[start...]))) else {
          // Of the newline alone nothing is seen.
          isCut = isCut || start > 0
          return false
        }
        start += count
      }
      isCut = false
      return true
    }
  }

  /// Writes as much as is taken; waits while nothing is.
  ///
  /// - Returns: how much; nil where it cannot be written, or the end's patience is over.
  private func writeNow(_ bytes: UnsafeRawBufferPointer) -> Int? {
    while true {
      let deadline = state.withLock { $0.deadline }
      hasGivenUp = hasGivenUp || deadline.map { ContinuousClock.now > $0 } ?? false
      if hasGivenUp { return nil }
      // A write to a pipe that nobody reads would not come back.
      guard Readiness.wait(for: descriptor, POLLOUT, limit: .milliseconds(100)) else { continue }
      let count = Glibc.write(descriptor, bytes.baseAddress, min(bytes.count, Self.pieceBytes))
      if count > 0 { return count }
      // A disk that is full, a pipe that is closed: the server goes on without its log.
      if errno != EINTR, errno != EAGAIN { return nil }
    }
  }
}
