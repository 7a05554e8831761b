import CLinux
import Glibc

/// A thread with a name and an owner who joins it.
///
/// The owner must call `join()`, or `abandon()`, exactly once; a thread that nobody joins is a bug,
/// and says so in debug builds when its handle goes away.
// @unchecked: `handle` is written once in `init`; `isJoined` is the owner's alone.
public final class NamedThread: @unchecked Sendable {
  private var handle = pthread_t()
  private var isJoined = false

  /// Starts a thread.
  ///
  /// - Parameters:
  ///   - name: shown by the system's tools, which keep its first 15 bytes.
  ///   - stackBytes: the size of its stack.
  ///   - body: what it does; the thread ends when it returns.
  /// - Throws: `SystemError` when the system has no room for one more thread.
  public init(
    name: String, stackBytes: Int = 512 * 1024, body: @escaping @Sendable () -> Void
  ) throws {
    let task = Unmanaged.passRetained(Task(name: name, body: body))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackBytes)
    let code = pthread_create(&handle, &attributes, Self.main, task.toOpaque())
    guard code == 0 else {
      task.release()
      isJoined = true
      throw SystemError(call: "pthread_create", errno: code)
    }
  }

  deinit {
    assert(isJoined, "A thread's handle went away before it was joined.")
  }

  /// Waits for the thread's end. The owner calls it once, from another thread.
  public func join() {
    precondition(!isJoined, "A thread was joined twice.")
    let code = pthread_join(handle, nil)
    precondition(code == 0, "A thread cannot wait for its own end.")
    isJoined = true
  }

  /// Gives the thread up instead of joining it: one that something outside holds, perhaps for good,
  /// as a disk that hangs. The owner calls it once; what the thread uses must outlive it.
  public func abandon() {
    precondition(!isJoined, "A thread was given up after it was joined.")
    pthread_detach(handle)
    isJoined = true
  }

  /// Gives back what the calling thread's stack took for deeper calls than those it is in. For a
  /// thread that will wait for long; what it needs again costs a page fault a page. On threads of
  /// this class alone.
  public static func releaseUnusedStack() { clinux_release_unused_stack() }

  private final class Task: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  // Explicitly @convention(c) and @Sendable: otherwise it could be taken for the main actor's.
  private static let main:
    @Sendable @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
      let task = Unmanaged<Task>.fromOpaque(argument!).takeRetainedValue()
      // Without a copy: the thread's first allocation is the one that fails where memory is short.
      task.name.withCString { clinux_name_this_thread($0) }
      let roll = RunningThreads.enter(task.name)
      task.body()
      RunningThreads.leave(roll)
      return nil
    }
}
