import DequeModule
import IRCWire

/// Who had which nickname until lately, for WHOWAS. A value, guarded by the registry's lock.
struct FormerNames {
  /// Somebody as it was when it gave its nickname up.
  private struct Entry {
    let name: FoldedName
    let profile: Profile
  }

  private var entries: Deque<Entry> = []
  private let maxCount: Int

  init(keeping count: Int) { maxCount = count }

  mutating func note(_ profile: Profile) {
    guard maxCount > 0 else { return }
    if entries.count >= maxCount { entries.removeFirst() }
    entries.append(Entry(name: FoldedName(profile.nickname), profile: profile))
  }

  /// Those who had the nickname, the latest first.
  func holders(of nickname: String) -> [Profile] {
    let key = FoldedName(nickname)
    return entries.reversed().filter { $0.name == key }.map(\.profile)
  }
}
