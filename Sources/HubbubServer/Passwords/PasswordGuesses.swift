/// The wrong passwords of each address lately, whatever the connection: who comes again has not forgotten to wait.
/// A value, guarded by the gate's lock.
struct PasswordGuesses {
  private var tries: [String: PasswordTries] = [:]

  /// So long is a wrong password remembered.
  static let memoryMilliseconds: Int64 = 600_000

  /// So many addresses are remembered; when there are more, those are forgotten that guessed longest ago.
  static let greatestCount = 1000

  var count: Int { tries.count }

  /// How long to wait before the next try from an address.
  func delay(_ address: String, _ first: Duration, now: Int64) -> Duration {
    guard let known = tries[address], !isOver(known, now) else { return .zero }
    return known.delay(first, now: now)
  }

  mutating func noteWrong(from address: String, at now: Int64) {
    if tries[address] == nil, tries.count >= Self.greatestCount { forget(now) }
    let known = tries[address].flatMap { isOver($0, now) ? nil : $0 }
    tries[address] = known ?? PasswordTries()
    tries[address]?.noteWrong(at: now)
  }

  private func isOver(_ tries: PasswordTries, _ now: Int64) -> Bool {
    now - tries.lastWrong > Self.memoryMilliseconds
  }

  /// Makes room: those that are over go, or else the older half.
  private mutating func forget(_ now: Int64) {
    tries = tries.filter { !isOver($0.value, now) }
    guard tries.count >= Self.greatestCount else { return }
    let times = tries.values.map(\.lastWrong).sorted()
    let middle = times[times.count / 2]
    tries = tries.filter { $0.value.lastWrong > middle }
  }
}
