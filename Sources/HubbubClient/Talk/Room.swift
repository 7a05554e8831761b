import IRCWire

/// A room, or a private talk with one person: what was said, who is there, and what was not read
/// yet.
struct Room: Equatable {
  /// Older entries are forgotten; the terminal's scrollback has those that were shown.
  static let entryLimit = 1000
  private static let speakerLimit = 100

  /// As its server writes it.
  var name: String
  var key: String?
  let isPrivate: Bool

  /// Whether the server counts us in. Private talks always are.
  var isJoined: Bool

  /// Whether to enter it again when the connection comes back: not after a kick.
  var isWanted = true

  var topic = ""

  /// Everyone who is in the room, with their prefixes (`@`, `+`).
  private(set) var members: [FoldedName: (nickname: String, prefixes: String)] = [:]

  /// Those who spoke, the latest first.
  private(set) var speakers: [String] = []

  private(set) var entries: [Entry] = []

  /// The ids of all entries that have one.
  private var ids: Set<String> = []

  /// Until when a person has read, here or on another device, by the server's word.
  private(set) var readMarker: Timestamp?

  /// How many of the last entries were not on the screen yet.
  private(set) var unseen = 0

  /// What was said since one looked away.
  private(set) var unread = 0

  /// How much of that was to oneself.
  private(set) var mentions = 0

  /// Whether the next list of names greets us, or answers a question.
  var greets = false

  init(name: String, key: String? = nil, isPrivate: Bool = false) {
    self.name = name
    self.key = key
    self.isPrivate = isPrivate
    isJoined = isPrivate
  }

  static func == (left: Room, right: Room) -> Bool { left.name == right.name }

  // MARK: What was said

  /// Adds an entry; joins and parts in a row become one.
  ///
  /// - Parameter isRead: whether it was read elsewhere, and is no news.
  /// - Returns: whether it was added to the entry before.
  @discardableResult
  mutating func add(_ entry: Entry, isSeen: Bool, isRead: Bool = false) -> Bool {
    if case .presence(let new) = entry.kind, case .presence(var old)? = entries.last?.kind,
      !old.isFull, isSeen == (unseen == 0)
    {
      for change in new.changes { old.add(change) }
      entries[entries.count - 1].kind = .presence(old)
      return true
    }
    entries.append(entry)
    if let id = entry.id { ids.insert(id) }
    if entries.count > Self.entryLimit {
      for old in entries.prefix(Self.entryLimit / 10) { if let id = old.id { ids.remove(id) } }
      entries.removeFirst(Self.entryLimit / 10)
    }
    if entry.isSaid, !entry.isOwn { noteSpeaker(entry.author) }
    guard !isSeen else { return false }
    unseen = min(unseen + 1, entries.count)
    if entry.isNews, !isRead { unread += 1 }
    if entry.isNews, !isRead, entry.isMention || isPrivate { mentions += 1 }
    return false
  }

  /// Whether an entry is there already: by its id, or else by who said what when.
  func has(_ entry: Entry) -> Bool {
    if let id = entry.id, ids.contains(id) { return true }
    return entries.contains {
      ($0.id == nil || entry.id == nil) && $0.isSaid && $0.time == entry.time
        && $0.author == entry.author && $0.text == entry.text
    }
  }

  /// Puts what was said before everything else in its place, as far as there is room.
  mutating func addOlder(_ older: [Entry]) {
    let kept = older.suffix(max(0, Self.entryLimit - entries.count))
    for entry in kept { if let id = entry.id { ids.insert(id) } }
    entries.insert(contentsOf: kept, at: 0)
  }

  /// It was read, here or on another device: what is older is no news. Markers only go forward.
  mutating func markRead(until time: Timestamp) {
    if let readMarker, readMarker >= time { return }
    readMarker = time
    let news = entries.suffix(unseen).filter { $0.isNews && $0.time > time }
    unread = min(unread, news.count)
    mentions = min(mentions, news.count { $0.isMention || isPrivate })
  }

  /// It is on the screen now.
  mutating func markSeen() {
    unseen = 0
    unread = 0
    mentions = 0
  }

  /// Marks what waited for the connection as sent.
  mutating func dropWaiting() { entries.removeAll(where: \.isWaiting) }

  private mutating func noteSpeaker(_ nickname: String) {
    let folded = FoldedName(nickname)
    speakers.removeAll { FoldedName($0) == folded }
    speakers.insert(nickname, at: 0)
    if speakers.count > Self.speakerLimit { speakers.removeLast() }
  }

  // MARK: Who is there

  mutating func enter(_ nickname: String, prefixes: String = "") {
    members[FoldedName(nickname)] = (nickname, prefixes)
  }

  /// Whether they were here.
  @discardableResult
  mutating func remove(_ nickname: String) -> Bool {
    members.removeValue(forKey: FoldedName(nickname)) != nil
  }

  mutating func rename(_ old: String, to new: String) -> Bool {
    if let index = speakers.firstIndex(where: { FoldedName($0) == FoldedName(old) }) {
      speakers[index] = new
    }
    guard let member = members.removeValue(forKey: FoldedName(old)) else { return false }
    members[FoldedName(new)] = (new, member.prefixes)
    return true
  }

  mutating func setPrefix(_ prefix: Character, of nickname: String, isOn: Bool) {
    guard var member = members[FoldedName(nickname)] else { return }
    member.prefixes.removeAll { $0 == prefix }
    if isOn { member.prefixes.append(prefix) }
    members[FoldedName(nickname)] = member
  }

  mutating func forgetMembers() { members.removeAll() }

  /// The names for people to read, with the highest prefix, sorted.
  var roster: [String] {
    members.values.map { String($0.prefixes.prefix(1)) + $0.nickname }
      .sorted { $0.lowercased() < $1.lowercased() }
  }
}
