/// The wrong passwords of one connection so far, or of one address. A value of the thread's or the lock's that
/// holds it.
struct PasswordTries {
  private(set) var wrong = 0

  /// When it was wrong last, in milliseconds of the monotonic clock.
  private(set) var lastWrong: Int64 = 0

  private static let greatestDelay: Duration = .seconds(60)

  mutating func noteWrong(at now: Int64) {
    wrong += 1
    lastWrong = now
  }

  /// How long to wait before the next try: `first` after one wrong password, and twice as long after each
  /// further one.
  func delay(_ first: Duration, now: Int64) -> Duration {
    guard wrong > 0 else { return .zero }
    let whole = min(first * (1 << min(wrong - 1, 16)), Self.greatestDelay)
    return max(.zero, whole - .milliseconds(now - lastWrong))
  }
}
