/// The wrong passwords of each subscriber lately, whatever the connection: who comes again has not forgotten to
/// wait. A value, guarded by the gate's lock.
///
/// While nothing wrong is known of a subscriber, as many passwords of its are looked at as come: many may come
/// back at once. After a wrong one it is one at a time.
struct PasswordGuesses {
  /// What a password has to do before it is looked at.
  enum Turn: Equatable {
    /// Wait, and ask again.
    case wait(Duration)

    /// Nothing: nothing wrong is known.
    case free

    /// Nothing; but until its verdict it counts as a wrong one (`settle`), so that no other has its turn meanwhile.
    case alone
  }

  private var tries: [AddressRange: PasswordTries] = [:]

  /// So long is a wrong password remembered.
  static let memoryMilliseconds: Int64 = 600_000

  /// So many subscribers are remembered; when there are more, those are forgotten that guessed longest ago.
  static let greatestCount = 1000

  /// The others behind an address that somebody guesses from need not wait longer than this.
  static let greatestDelay: Duration = .seconds(10)

  var count: Int { tries.count }

  /// Takes a subscriber's turn, if it may.
  ///
  /// - Parameter first: the wait after the first wrong one.
  mutating func takeTurn(_ address: String, _ first: Duration, now: Int64) -> Turn {
    guard let key = Self.subscriber(address), let known = tries[key], known.wrong > 0,
      !isOver(known, now)
    else { return .free }
    let delay = known.delay(first, upTo: Self.greatestDelay, now: now)
    guard delay <= .zero else { return .wait(delay) }
    tries[key]?.noteWrong(at: now)
    return .alone
  }

  /// Notes what came of a password that had its turn.
  mutating func settle(_ turn: Turn, of address: String, isWrong: Bool, now: Int64) {
    guard let key = Self.subscriber(address) else { return }
    switch (turn, isWrong) {
    case (.alone, false): tries[key]?.takeBack()
    case (.free, true): noteWrong(from: key, at: now)
    default: break
    }
  }

  private mutating func noteWrong(from key: AddressRange, at now: Int64) {
    if tries[key] == nil, tries.count >= Self.greatestCount { forget(now) }
    let known = tries[key].flatMap { isOver($0, now) ? nil : $0 }
    tries[key] = known ?? PasswordTries()
    tries[key]?.noteWrong(at: now)
  }

  /// What one subscriber has for sure: an IPv4 address, or the /64 of an IPv6 one.
  private static func subscriber(_ address: String) -> AddressRange? {
    AddressRange(address.contains(":") ? "\(address)/64" : address)
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
