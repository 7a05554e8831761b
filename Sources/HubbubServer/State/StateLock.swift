import Glibc
import HubbubSockets
import HubbubThreads

/// The right to a folder's files, which one process at a time has: what it keeps in memory of them
/// is true. Given back when the process ends as well, however it ends.
final class StateLock: Sendable {
  /// Guards the descriptor; nil once it was given back. Nothing else is locked under it.
  private let descriptor: Monitor<Int32?>

  /// For a file of a folder, which is made where there is none. Waits for the disk, and for nobody.
  init(of file: String, in folder: String) throws(StateFailure) {
    SecretFile.makeDirectory(folder)
    let opened = open("\(file).lock", O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR)
    guard opened >= 0, flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      if opened >= 0 { Glibc.close(opened) }
      throw StateFailure(
        description: opened >= 0 && reason == EWOULDBLOCK
          ? "'\(folder)' is another running server's: choose another folder with --state"
          : "'\(folder)' cannot be written: \(SystemError(call: "open", errno: reason).reason)",
        isOfFolder: true)
    }
    descriptor = Monitor(opened)
  }

  deinit { release() }

  /// Gives it back: the files are closed. Any thread.
  func release() {
    let held = descriptor.withLock { held -> Int32? in
      defer { held = nil }
      return held
    }
    if let held { Glibc.close(held) }
  }
}
