extension Plan {
  /// How long the bots send after the warm-up, as far as it is known beforehand.
  var expectedLength: Nanoseconds? {
    switch (length, load) {
    case (.duration(let duration), _): Nanoseconds(duration)
    case (.messages(let messages), .rate(let rate)): Nanoseconds(Double(messages) / rate * 1e9)
    case (.messages, .saturate): nil
    }
  }

  /// When troublemakers begin, after the beginning of the schedule: half of the measured time is
  /// without them. Where the length is not known beforehand, a second after the warm-up.
  var halfway: Nanoseconds {
    Nanoseconds(warmUp) + (expectedLength.map { $0 / 2 } ?? .perSecond)
  }

  /// About how many messages one recipient will hear, to reserve memory for; at most 4 million.
  var expectedArrivals: Int {
    let inRoom = 1 / Double(rooms)
    let wanted: Double =
      switch (load, length) {
      case (.rate(let rate), _):
        rate * inRoom * (Double(expectedLength ?? 0) + Double(Nanoseconds(warmUp))) / 1e9
      case (.saturate, .messages(let messages)): Double(messages) * inRoom
      case (.saturate, .duration): 1e6
      }
    return min(Int(wanted * 1.1) + 64, 4_000_000 / max(bots / 20, 1))
  }

  /// How long before a message is due its bot is awake and waits for the very moment, in
  /// nanoseconds.
  ///
  /// Waking up takes tens of microseconds, which would be told as the server's. All bots together
  /// spend at most a tenth of one core on this.
  var alertness: Nanoseconds {
    guard case .rate(let rate) = load else { return 0 }
    return min(100_000, Nanoseconds(0.1e9 / rate))
  }
}
