import IRCWire

/// The wrong passwords of each account lately, also of names that no account has: nobody finds out
/// by them which there are. A value, guarded by the service's lock.
struct AccountTries {
  private struct Entry {
    /// When each came, in milliseconds of the monotonic clock; no more than the limit.
    var wrong: [Int64] = []

    /// Wrong ones since the last right one.
    var sinceRight = 0

    /// From where the right one came before, the latest last.
    var known: [AddressRange] = []
  }

  private var entries: [FoldedName: Entry] = [:]

  private static let (hour, minute): (Int64, Int64) = (3_600_000, 60_000)
  private static let knownKept = 8

  /// From this many on, those are forgotten of which nothing has come for an hour, and that nobody
  /// was ever let in to: from where somebody was is known for as long as the server runs.
  private var count = usualCount
  private static let usualCount = 10_000

  /// Whether a password for that name may be looked at now.
  ///
  /// - Parameters:
  ///   - subscriber: from where it comes.
  ///   - limit: wrong ones in an hour, after which there is one a minute.
  func mayTry(_ name: FoldedName, from subscriber: AddressRange?, limit: Int, now: Int64) -> Bool {
    guard let entry = entries[name] else { return true }
    let recent = entry.wrong.filter { now - $0 < Self.hour }
    guard recent.count >= limit, let last = recent.last else { return true }
    if let subscriber, entry.known.contains(subscriber) { return true }
    return now - last >= Self.minute
  }

  mutating func countWrong(_ name: FoldedName, limit: Int, now: Int64) {
    if entries.count >= count { forget(now: now) }
    entries[name, default: Entry()].wrong.append(now)
    entries[name]!.wrong.removeAll { now - $0 >= Self.hour }
    if entries[name]!.wrong.count > limit { entries[name]!.wrong.removeFirst() }
    entries[name]!.sinceRight += 1
  }

  /// The right one came.
  ///
  /// - Returns: how many wrong ones had come since the last right one.
  mutating func countRight(_ name: FoldedName, from subscriber: AddressRange?) -> Int {
    var entry = entries[name] ?? Entry()
    let wrong = entry.sinceRight
    entry.sinceRight = 0
    if let subscriber {
      entry.known.removeAll { $0 == subscriber }
      entry.known.append(subscriber)
      if entry.known.count > Self.knownKept { entry.known.removeFirst() }
    }
    entries[name] = entry
    return wrong
  }

  private mutating func forget(now: Int64) {
    entries = entries.filter { _, entry in
      !entry.known.isEmpty || entry.wrong.last.map { now - $0 < Self.hour } ?? false
    }
    count = max(Self.usualCount, 2 * entries.count)
  }
}
