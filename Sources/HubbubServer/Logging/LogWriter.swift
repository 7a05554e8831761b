import DequeModule
import Glibc
import HubbubThreads

/// Writes log lines on a thread of its own, so that nobody who logs ever waits for a disk or a pipe.
///
/// A bounded queue: what does not fit is dropped, counted, and said as soon as there is room again.
// @unchecked: `thread` is written in `init` and read in `close()`, both by the owner.
public final class LogWriter: @unchecked Sendable {
  /// Guards the lines. Nothing else is locked under it.
  private let state = Monitor(State())
  private let descriptor: Int32
  private var thread: NamedThread?

  private struct State {
    var lines: Deque<String> = []
    var dropped = 0
    var isClosing = false
  }

  /// So many lines may wait. One more is dropped and counted.
  private static let greatestCount = 10_000

  /// - Parameter descriptor: where to write; it stays the caller's.
  /// - Throws: `SystemError` when the thread cannot be started.
  public init(descriptor: Int32 = 2) throws {
    self.descriptor = descriptor
    thread = try NamedThread(name: "log") { [unowned self] in run() }
  }

  /// Queues a line, without its ending. Any thread; never waits for the writing.
  public func write(_ line: String) {
    state.withLock { state in
      if state.lines.count < Self.greatestCount {
        state.lines.append(line)
      } else {
        state.dropped += 1
      }
    }
    state.wakeAll()
  }

  /// Writes what is queued, and ends the thread. The owner, once.
  public func close() {
    state.withLock { $0.isClosing = true }
    state.wakeAll()
    thread?.join()
  }

  private func run() {
    while let work = nextWork() {
      var text = work.lines.map { $0 + "\n" }.joined()
      if work.dropped > 0 { text += "log: \(work.dropped) lines were dropped\n" }
      writeAll(text)
    }
  }

  private func nextWork() -> State? {
    state.wait { state -> State?? in
      guard state.lines.isEmpty, state.dropped == 0 else {
        defer { state = State(isClosing: state.isClosing) }
        return state
      }
      return state.isClosing ? .some(nil) : nil
    }!
  }

  private func writeAll(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var start = 0
      while start < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress! + start, bytes.count - start)
        if count > 0 {
          start += count
        } else if errno != EINTR {
          // Nobody reads the log any more. The server goes on without it.
          return
        }
      }
    }
  }
}
