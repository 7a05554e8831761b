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

  /// Guards who has guessed wrong lately. Nothing else is locked under it.
  private let guesses = Monitor(PasswordGuesses())

  /// Wrong passwords since the start. Relaxed: for the log.
  private let wrong = Atomic<Int>(0)

  var wrongCount: Int { wrong.load(ordering: .relaxed) }

  /// How long who guessed wrong has to wait before the next try.
  ///
  /// - Parameter address: where the connection comes from, if what others of that address guessed counts.
  func delay(_ tries: PasswordTries, from address: String?, _ limits: Limits) -> Duration {
    let now = Moment.now
    let own = tries.delay(limits.passwordDelay, now: now)
    guard let address else { return own }
    return max(own, guesses.withLock { $0.delay(address, limits.passwordDelay, now: now) })
  }

  /// Waits so long, or until the server stops; then false.
  func wait(_ delay: Duration) -> Bool {
    delay <= .zero || isStopped.wait(upTo: delay, for: { $0 ? true : nil }) == nil
  }

  /// Judges a password. On the thread of the connection that sent it, which waits here while others are judged.
  ///
  /// - Parameters:
  ///   - stored: a hash, or the password itself.
  ///   - isKnown: whether there is anybody whom it belongs to. If not, it takes as long to be wrong.
  ///   - address: where the connection comes from, if what is guessed there counts for others of that address.
  func judge(
    _ password: String, _ stored: String, isKnown: Bool, _ tries: inout PasswordTries,
    from address: String?, _ limits: Limits
  ) -> Verdict {
    guard let isRight = compare(password, stored, limits) else { return .busy }
    if isRight, isKnown { return .right }
    noteWrong(&tries, address)
    return .wrong
  }

  private func noteWrong(_ tries: inout PasswordTries, _ address: String?) {
    let now = Moment.now
    tries.noteWrong(at: now)
    if let address { guesses.withLock { $0.noteWrong(from: address, at: now) } }
    wrong.add(1, ordering: .relaxed)
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
