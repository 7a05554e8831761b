import Glibc
import HubbubThreads

/// Waiting for the end of a child, which is left for its parent to collect by `waitpid`.
enum ProcessEnd {
  /// Waits for the end of a child; one that does not end in time is killed, and has then ended too.
  ///
  /// - Returns: whether it ended by itself.
  /// - Throws: `SystemError` when the system has no room for one more thread.
  static func wait(for process: pid_t, upTo limit: Duration) throws -> Bool {
    let hasEnded = Monitor(false)
    let watcher = try NamedThread(name: "process-end") {
      var information = siginfo_t()
      // It stays to be collected: until then, its number is no other process's.
      while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
      hasEnded.withLock { $0 = true }
      hasEnded.wakeAll()
    }
    defer { watcher.join() }
    if hasEnded.wait(upTo: limit, for: { $0 ? true : nil }) != nil { return true }
    kill(process, SIGKILL)
    return false
  }
}
