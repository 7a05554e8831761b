import IRCWire

/// Which connections want to be told of whose coming and going (MONITOR). A value, guarded by the
/// registry's lock.
struct Watchlist {
  private var watchers: [FoldedName: [MemberID: MemberSession]] = [:]

  /// What each watches, as it wrote it.
  private var targets: [MemberID: [FoldedName: String]] = [:]

  func watchers(of nickname: String) -> [MemberSession] {
    watchers[FoldedName(nickname)].map { Array($0.values) } ?? []
  }

  func targets(of watcher: MemberSession) -> [String] {
    (targets[watcher.id] ?? [:]).values.sorted()
  }

  /// - Returns: false where the watcher has as many as it may.
  mutating func insert(_ nickname: String, by watcher: MemberSession, limit: Int) -> Bool {
    let key = FoldedName(nickname)
    if targets[watcher.id]?[key] != nil { return true }
    guard targets[watcher.id]?.count ?? 0 < limit else { return false }
    // In place: a copy for each name would cost as many steps as there are names already.
    targets[watcher.id, default: [:]][key] = nickname
    watchers[key, default: [:]][watcher.id] = watcher
    return true
  }

  mutating func remove(_ nickname: String, by watcher: MemberSession) {
    let key = FoldedName(nickname)
    guard targets[watcher.id]?.removeValue(forKey: key) != nil else { return }
    if targets[watcher.id]!.isEmpty { targets[watcher.id] = nil }
    watchers[key]?[watcher.id] = nil
    if watchers[key]?.isEmpty == true { watchers[key] = nil }
  }

  mutating func removeAll(by watcher: MemberSession) {
    for nickname in targets(of: watcher) { remove(nickname, by: watcher) }
  }
}
