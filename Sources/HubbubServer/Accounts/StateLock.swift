import Glibc
import HubbubThreads

/// The right to a folder's files, which one process at a time has: what it keeps in memory of them
/// is true. Given back when the process ends, however it ends.
final class StateLock: Sendable {
  /// Why it cannot be had.
  enum Failure: Error {
    /// Another process has it.
    case taken
    case system(SystemError)
  }

  private let descriptor: Int32

  /// Waits for the disk, and for nobody.
  init(_ path: String) throws(Failure) {
    let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR)
    guard opened >= 0 else { throw .system(SystemError(call: "open", errno: errno)) }
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      Glibc.close(opened)
      throw reason == EWOULDBLOCK ? .taken : .system(SystemError(call: "flock", errno: reason))
    }
    descriptor = opened
  }

  deinit { Glibc.close(descriptor) }
}
