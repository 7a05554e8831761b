/// The wrong passwords of one connection so far. Its own thread's.
struct PasswordTries {
  private(set) var wrong = 0
  private var lastWrong: Int64 = 0

  private static let maxDelay: Duration = .seconds(60)

  mutating func countWrong(at now: Int64) {
    wrong += 1
    lastWrong = now
  }

  /// How long to wait before the next try: `first` after one wrong password, and twice as long
  /// after each further one.
  func delay(_ first: Duration, now: Int64) -> Duration {
    guard wrong > 0 else { return .zero }
    let whole = min(first * (1 << min(wrong - 1, 16)), Self.maxDelay)
    return max(.zero, whole - .milliseconds(now - lastWrong))
  }
}
