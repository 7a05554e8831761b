import HubbubStore
import HubbubThreads
import IRCWire
import Synchronization

/// Judges passwords, so that guessing is slow and costs the others nothing (fault L8). Any thread.
///
/// Hashing takes time and memory by design: one hash at a time over the whole server, and a bounded
/// number of connections that wait for it, each on its own thread.
final class PasswordGate: Sendable {
  enum Verdict: Sendable, Equatable {
    case right, wrong

    /// Too many others are waiting to be judged, or there is no memory for it.
    case busy
  }

  private let hashing = OneAtATime()

  /// Guards whose passwords may be looked at. Nothing else is locked under it.
  private let turns = Monitor(PasswordTurns())

  /// Guards the passwords of gateways that were right, each under its hash. Nothing else is locked
  /// under it.
  private let gatewayPasswords = Monitor<[String: String]>([:])

  /// Wrong passwords since the start. Relaxed: for the log.
  private let wrong = Atomic<Int>(0)

  var wrongCount: Int { wrong.load(ordering: .relaxed) }

  /// Takes a subscriber's turn, for which it waits a second at the most; `judge` ends it.
  ///
  /// - Returns: whether it was taken.
  func takeTurn(of subscriber: AddressRange, _ limits: Limits) -> Bool {
    let pause = limits.passwordDelay
    let rest = turns.withLock { $0.rest(of: subscriber, pause, now: Moment.now) }
    // Nothing wakes at the end of a pause.
    let limit = rest > .zero ? min(rest, .seconds(1)) : .seconds(1)
    return turns.wait(upTo: limit) {
      $0.take(subscriber, pause, now: Moment.now) ? true : nil
    } != nil
  }

  /// Judges a password. On the thread of the connection that sent it, which waits here while others
  /// are judged.
  ///
  /// - Parameters:
  ///   - stored: a hash, or the password itself.
  ///   - others: hashes of all whom it might be. One of each kind is computed as well, so that the
  ///     time tells nothing of whom it is compared with.
  ///   - isKnown: whether there is anybody of the name that came with it. If not, it takes as long
  ///     to be wrong.
  ///   - subscriber: whose turn was taken; nil where none was needed.
  ///   - isClosed: whether the connection has ended meanwhile, asked when it is its turn.
  func judge(
    _ password: String, _ stored: String, among others: [String] = [], isKnown: Bool,
    _ tries: inout PasswordTries, of subscriber: AddressRange?, _ limits: Limits,
    isClosed: () -> Bool
  ) -> Verdict {
    let isMatch = compare(password, stored, others, limits, isClosed)
    let isRight = isMatch == true && isKnown
    return settle(
      isMatch == nil ? .busy : isRight ? .right : .wrong, &tries, of: subscriber, limits)
  }

  /// Judges what proves in another way than by a password that has to be hashed. Else as `judge`.
  func judge(
    byProof isRight: () -> Bool, _ tries: inout PasswordTries, of subscriber: AddressRange?,
    _ limits: Limits
  ) -> Verdict {
    settle(isRight() ? .right : .wrong, &tries, of: subscriber, limits)
  }

  /// Hashes a new password, at its turn. On the thread of the connection that sent it.
  ///
  /// - Returns: nil where too many wait, there is no memory for it, or the connection has ended.
  func hash(
    _ password: String, withScramKeys hasKeys: Bool, _ limits: Limits, isClosed: () -> Bool
  ) -> StoredPassword? {
    hashing.run(upTo: limits.passwordQueue) {
      guard !isClosed(), let hash = try? PasswordHash.make(password) else { return nil }
      return StoredPassword(hash: hash, scram: hasKeys ? ScramKeys(of: password) : nil)
    } ?? nil
  }

  /// Computes the keys of a new password for SCRAM, at its turn; nil where too many wait.
  func scramKeys(of password: String, _ limits: Limits) -> ScramKeys? {
    hashing.run(upTo: limits.passwordQueue) { ScramKeys(of: password) }
  }

  /// Counts what a password was found to be, and ends the turn that was taken for it.
  private func settle(
    _ verdict: Verdict, _ tries: inout PasswordTries, of subscriber: AddressRange?,
    _ limits: Limits
  ) -> Verdict {
    let now = Moment.now
    if verdict == .wrong {
      tries.countWrong(at: now)
      wrong.add(1, ordering: .relaxed)
    }
    if let subscriber {
      turns.withLock {
        $0.finish(subscriber, isWrong: verdict == .wrong, limits.passwordDelay, now: now)
      }
      turns.wakeAll()
    }
    return verdict
  }

  /// Judges the password of a gateway, which sends it with each of its clients: once it was right,
  /// it is not hashed again. Else as `judge` for everybody.
  func judge(
    gatewayPassword password: String, _ hash: String, _ tries: inout PasswordTries,
    _ limits: Limits, isClosed: () -> Bool
  ) -> Verdict {
    let known = gatewayPasswords.withLock { $0[hash] }
    if let known, password.isEqualInConstantTime(to: known) { return .right }
    let verdict = judge(
      password, hash, isKnown: true, &tries, of: nil, limits, isClosed: isClosed)
    if verdict == .right { gatewayPasswords.withLock { $0[hash] = password } }
    return verdict
  }

  private func compare(
    _ password: String, _ stored: String, _ others: [String], _ limits: Limits,
    _ isClosed: () -> Bool
  ) -> Bool? {
    guard PasswordHash.isHash(stored) else { return password.isEqualInConstantTime(to: stored) }
    let computed = PasswordHash.oneOfEachKind(others, with: stored)
    return hashing.run(upTo: limits.passwordQueue) {
      if isClosed() { return nil }
      var isMatch: Bool?
      for hash in computed {
        let verdict = PasswordHash.matches(password, hash)
        if hash == stored { isMatch = verdict }
      }
      return isMatch
    } ?? nil
  }
}
