import HubbubThreads

/// How many requests come from each address: this many at once, and this many a second afterwards.
/// More are refused, and cost those who send them nothing else. Any thread.
final class RequestThrottle: Sendable {
  /// Guards what each address may still send. Nothing else is locked under it.
  private let state = Monitor<[String: Credit]>([:])

  private struct Credit {
    var thousandths: Int
    var moment: Int64
  }

  /// This many addresses are known; beyond, one is forgotten for each that comes.
  private static let addressesKept = 4096

  /// Counts a request.
  ///
  /// - Parameter now: milliseconds of a clock that only goes forward.
  /// - Returns: whether it may be answered.
  func take(from address: String, _ limits: Limits, now: Int64) -> Bool {
    state.withLock { credits in
      let most = limits.webRequests * 1000
      if credits.count >= Self.addressesKept, credits[address] == nil {
        credits.remove(at: credits.startIndex)
      }
      func earned(since credit: Credit) -> Int {
        Int(clamping: now - credit.moment) * limits.webRequestsPerSecond
      }
      var credit = credits[address] ?? Credit(thousandths: most, moment: now)
      credit.thousandths = min(most, credit.thousandths + earned(since: credit))
      credit.moment = now
      defer { credits[address] = credit }
      guard credit.thousandths >= 1000 else { return false }
      credit.thousandths -= 1000
      return true
    }
  }
}
