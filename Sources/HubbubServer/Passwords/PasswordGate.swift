import HubbubThreads
import Synchronization

/// Judges passwords, so that guessing is slow and costs the others nothing (fault L8).
///
/// Hashing takes time and memory by design: one hash at a time over the whole server, and a bounded number
/// of connections that wait for it, each on its own thread.
final class PasswordGate: Sendable {
  enum Verdict: Sendable, Equatable {
    case right, wrong

    /// Too many others are waiting to be judged.
    case busy

    /// The server is stopping.
    case stopped
  }

  private let hashing = OneAtATime()

  /// Whether the server is stopping: nobody waits any longer. Nothing else is locked under it.
  private let isStopped = Monitor(false)

  /// Wrong passwords since the start. Relaxed: for the log.
  private let wrong = Atomic<Int>(0)

  var wrongCount: Int { wrong.load(ordering: .relaxed) }

  /// Judges a password. On the thread of the connection that sent it, which waits here: after a wrong one,
  /// and while others are judged.
  ///
  /// - Parameter stored: a hash, or the password itself.
  func judge(
    _ password: String, _ stored: String, _ tries: inout PasswordTries, _ limits: Limits
  ) -> Verdict {
    let delay = tries.delay(limits.passwordDelay, now: Moment.now)
    if delay > .zero, isStopped.wait(upTo: delay, for: { $0 ? true : nil }) == true {
      return .stopped
    }
    guard let isRight = compare(password, stored, limits) else { return .busy }
    if isRight { return .right }
    tries.noteWrong(at: Moment.now)
    wrong.add(1, ordering: .relaxed)
    return .wrong
  }

  private func compare(_ password: String, _ stored: String, _ limits: Limits) -> Bool? {
    guard PasswordHash.isHash(stored) else { return password.isEqualInConstantTime(to: stored) }
    return hashing.run(upTo: limits.passwordQueue) { PasswordHash.matches(password, stored) }
  }

  /// Lets nobody wait any longer. When the server stops.
  func stop() {
    isStopped.withLock { $0 = true }
    isStopped.wakeAll()
  }
}
