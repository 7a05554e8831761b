/// The wrong passwords of one connection so far, or of one subscriber. A value of the thread's or the lock's that
/// holds it.
struct PasswordTries {
  private(set) var wrong = 0

  /// When it was wrong last, in milliseconds of the monotonic clock.
  private(set) var lastWrong: Int64 = 0

  mutating func noteWrong(at now: Int64) {
    wrong += 1
    lastWrong = now
  }

  /// One that was counted before its verdict was right.
  mutating func takeBack() { wrong = max(0, wrong - 1) }

  /// How long to wait before the next try: `first` after one wrong password, and twice as long after each
  /// further one, up to `greatest`.
  func delay(_ first: Duration, upTo greatest: Duration = .seconds(60), now: Int64) -> Duration {
    guard wrong > 0 else { return .zero }
    let whole = min(first * (1 << min(wrong - 1, 16)), greatest)
    return max(.zero, whole - .milliseconds(now - lastWrong))
  }
}
