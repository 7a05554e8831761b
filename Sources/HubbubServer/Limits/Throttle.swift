/// How fast one client may send lines of one kind: this many at once, and this many a second for as
/// long as it likes (a token bucket). A value of the client's own thread.
///
/// Nothing is dropped: whoever is too fast is read later, and nobody else notices.
struct Throttle {
  /// How many lines may come at once, and how many a second afterwards.
  struct Rate: Sendable, Equatable {
    var burstLines: Int
    var linesPerSecond: Int
  }

  /// Thousandths of a line that may come now.
  private var credit = 0
  private var moment: Int64
  private var rate: Rate?

  init(now: Int64) { moment = now }

  /// Counts a line, which has come.
  ///
  /// - Parameter now: milliseconds of a clock that only goes forward.
  /// - Returns: how long to wait before the line is carried out; zero in most cases.
  mutating func take(_ rate: Rate, now: Int64) -> Duration {
    if rate != self.rate {
      // Who changes its class takes along what it owes, and no more than it may have.
      credit = min(self.rate == nil ? Int.max : credit, rate.burstLines * 1000)
      self.rate = rate
    }
    let earned = Int(clamping: now - moment) * rate.linesPerSecond
    credit = min(rate.burstLines * 1000, credit + earned)
    moment = now
    credit -= 1000
    guard credit < 0 else { return .zero }
    return .milliseconds((-credit + rate.linesPerSecond - 1) / rate.linesPerSecond)
  }

  /// Counts a line that has come for more than one: it was work for the server, or was told to
  /// many.
  ///
  /// - Parameter thousandths: of a line, in addition.
  mutating func charge(_ thousandths: Int) { credit -= thousandths }
}
