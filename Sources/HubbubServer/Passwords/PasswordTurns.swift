import IRCWire

/// Lets the passwords of one subscriber be looked at one at a time, and after a wrong one not
/// before a pause, whatever the connection: who comes again has not forgotten to wait. Right ones
/// cost the others no pause.
///
/// A value, guarded by the gate's lock.
struct PasswordTurns {
  /// Those of whom one is being looked at.
  private var current: Set<AddressRange> = []

  /// When the last wrong one was looked at, in milliseconds of the monotonic clock.
  private var lastWrong: [AddressRange: Int64] = [:]

  /// From this many on, those whose pause is over are forgotten.
  private static let usualCount = 1000

  var count: Int { lastWrong.count }

  /// What one subscriber has for sure: an IPv4 address, or the /64 of an IPv6 one. nil for what is
  /// no address.
  static func subscriber(_ address: String) -> AddressRange? {
    AddressRange(address.contains(":") ? "\(address)/64" : address)
  }

  /// What is left of a subscriber's pause.
  func rest(of subscriber: AddressRange, _ pause: Duration, now: Int64) -> Duration {
    guard let wrong = lastWrong[subscriber] else { return .zero }
    return max(.zero, pause - .milliseconds(now - wrong))
  }

  /// Takes a subscriber's turn, if it is free; then `finish` must follow.
  mutating func take(_ subscriber: AddressRange, _ pause: Duration, now: Int64) -> Bool {
    guard rest(of: subscriber, pause, now: now) <= .zero else { return false }
    return current.insert(subscriber).inserted
  }

  /// Ends a turn. Those who wait are to be woken.
  mutating func finish(_ subscriber: AddressRange, isWrong: Bool, _ pause: Duration, now: Int64) {
    current.remove(subscriber)
    guard isWrong else { return }
    if lastWrong.count >= Self.usualCount {
      lastWrong = lastWrong.filter { pause > .milliseconds(now - $0.value) }
    }
    lastWrong[subscriber] = now
  }
}
