import HubbubThreads
import Synchronization

/// Judges passwords, so that guessing is slow and costs the others nothing (fault L8). Any thread.
///
/// Hashing takes time and memory by design: one hash at a time over the whole server, and a bounded number
/// of connections that wait for it, each on its own thread.
final class PasswordGate: Sendable {
  enum Verdict: Sendable, Equatable {
    case right, wrong

    /// Too many others are waiting to be judged.
    case busy
  }

  /// Nothing was looked at, because of what was wrong before: to be asked again after `wait`.
  struct TooSoon: Error {
    let wait: Duration
  }

  private let hashing = OneAtATime()

  /// Guards who has guessed wrong lately. Nothing else is locked under it.
  private let guesses = Monitor(PasswordGuesses())

  /// Wrong passwords since the start. Relaxed: for the log.
  private let wrong = Atomic<Int>(0)

  var wrongCount: Int { wrong.load(ordering: .relaxed) }

  /// Judges a password. On the thread of the connection that sent it, which waits here while others are judged.
  ///
  /// - Parameters:
  ///   - stored: a hash, or the password itself.
  ///   - isKnown: whether there is anybody of the name that came with it. If not, it takes as long to be wrong.
  ///   - address: where the connection comes from, if what is guessed there counts for others of that address.
  func judge(
    _ password: String, _ stored: String, isKnown: Bool, _ tries: inout PasswordTries,
    from address: String?, _ limits: Limits
  ) throws(TooSoon) -> Verdict {
    let now = Moment.now
    let delay = tries.delay(limits.passwordDelay, now: now)
    guard delay <= .zero else { throw TooSoon(wait: delay) }
    let turn = takeTurn(address, limits, now)
    if case .wait(let delay) = turn { throw TooSoon(wait: delay) }
    let isMatch = compare(password, stored, limits)
    let isRight = isMatch == true && isKnown
    settle(turn, of: address, isWrong: isMatch != nil && !isRight)
    guard isMatch != nil else { return .busy }
    if isRight { return .right }
    tries.noteWrong(at: Moment.now)
    wrong.add(1, ordering: .relaxed)
    return .wrong
  }

  private func takeTurn(_ address: String?, _ limits: Limits, _ now: Int64) -> PasswordGuesses.Turn
  {
    guard let address else { return .free }
    return guesses.withLock { $0.takeTurn(address, limits.passwordDelay, now: now) }
  }

  private func settle(_ turn: PasswordGuesses.Turn, of address: String?, isWrong: Bool) {
    guard let address else { return }
    let now = Moment.now
    guesses.withLock { $0.settle(turn, of: address, isWrong: isWrong, now: now) }
  }

  private func compare(_ password: String, _ stored: String, _ limits: Limits) -> Bool? {
    guard PasswordHash.isHash(stored) else { return password.isEqualInConstantTime(to: stored) }
    return hashing.run(upTo: limits.passwordQueue) { PasswordHash.matches(password, stored) }
  }
}
