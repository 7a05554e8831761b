import IRCWire

/// What was said before: asked of the server where it remembers (draft/chathistory).
extension Chat {
  /// At most this many lines are fetched of what was missed in one room.
  private static let gapLimit = 1000

  /// A question that is not answered by then is given up.
  private static let historyPatience: Int64 = 15_000

  /// More than this is not held back for history's sake.
  private static let heldLimit = 1000

  private static let freshCount = 50

  /// How many lines the server gives at once; nil where it keeps none.
  var historyPage: Int? {
    guard capabilities.contains("draft/chathistory"), capabilities.contains("batch") else {
      return nil
    }
    // "0 indicates no limit".
    let limit = supported["CHATHISTORY"].flatMap { Int($0) } ?? 0
    return limit > 0 ? min(limit, 100) : 100
  }

  // MARK: Asking

  /// Asks for what was missed in a room or a talk, or for its last lines where it is new.
  mutating func askForHistory(of name: String) {
    guard let page = historyPage, let room = rooms[name] else { return }
    guard let last = room.entries.last(where: { $0.isSaid && !$0.isWaiting && !$0.isUndelivered })
    else {
      return ask(
        name, ["LATEST", name, "*"], HistoryRequest.Kind.fresh, min(page, Self.freshCount))
    }
    askForMore(name, afterID: last.id, time: last.time, count: 0)
  }

  private mutating func askForMore(
    _ name: String, afterID id: String?, time: Timestamp, count: Int
  ) {
    let words = ["AFTER", name, id.map { "msgid=\($0)" } ?? "timestamp=\(time)"]
    ask(name, words, .gap(count: count), historyPage ?? 100, isById: id != nil)
  }

  private mutating func ask(
    _ name: String, _ words: [String], _ kind: HistoryRequest.Kind, _ limit: Int,
    isById: Bool = false
  ) {
    let held = historyRequests[FoldedName(name)]?.held ?? []
    guard send(Message("CHATHISTORY", words + ["\(limit)"])) else { return }
    historyRequests[FoldedName(name)] = HistoryRequest(
      kind: kind, limit: limit, isById: isById, asked: now, held: held)
  }

  /// In which talks something was said while the connection was gone.
  private static let mostTalks = 50

  mutating func askForTalks(since lost: Timestamp) {
    guard historyPage != nil else { return }
    asksForTalks = true
    send("CHATHISTORY", "TARGETS", "timestamp=\(lost)", "timestamp=\(now)", "\(Self.mostTalks)")
  }

  /// `/history [lines]`.
  mutating func showHistory(_ count: String?) {
    guard let room = rooms.current else { return fail("You are in no room.") }
    let count = max(1, min(500, count.flatMap { Int($0) } ?? max(10, rows - 4)))
    guard let page = historyPage, link == .up else {
      let why = link == .up ? "This server keeps no history" : "Not connected"
      inform("\(why): this is what was heard here.")
      return show(room.entries.filter(\.isSaid).suffix(count), under: "what was said before")
    }
    guard historyRequests[FoldedName(room.name)] == nil else {
      return inform("History is on its way already.")
    }
    let limit = min(count, page)
    guard let first = room.entries.first(where: { $0.isSaid && !$0.isWaiting }) else {
      return ask(room.name, ["LATEST", room.name, "*"], .older, limit)
    }
    let words = ["BEFORE", room.name, first.id.map { "msgid=\($0)" } ?? "timestamp=\(first.time)"]
    ask(room.name, words, .older, limit, isById: first.id != nil)
  }

  // MARK: Hearing

  /// Keeps what is said live in a room whose history is still to come.
  ///
  /// - Returns: whether it was kept.
  mutating func hold(_ message: Message) -> Bool {
    guard let target = message.parameters.first else { return false }
    let source = message.source?.name ?? ""
    let place = FoldedName(isRoomName(target) || isMe(source) ? target : source)
    guard let request = historyRequests[place], request.kind != .older,
      request.held.count < Self.heldLimit
    else { return false }
    historyRequests[place]!.held.append(message)
    return true
  }

  mutating func heardHistory(_ batch: Batches.Batch) {
    guard let name = batch.parameters.first, let index = rooms.index(of: name) else { return }
    let request = historyRequests[FoldedName(name)]
    let entries = batch.messages.compactMap(past).map(\.entry).filter { entry in
      !rooms.all[index].has(entry)
    }
    switch request?.kind {
    case .older:
      // Where nothing of a page is to be shown, what is before it may be.
      if entries.isEmpty, !isWhole(batch, request), let first = batch.messages.first,
        let time = first.tag("time").flatMap({ Timestamp($0) })
      {
        let place = first.tag("msgid").map { "msgid=\($0)" } ?? "timestamp=\(time)"
        return ask(name, ["BEFORE", name, place], .older, request?.limit ?? 100)
      }
      addOlder(entries, to: index)
    case .gap(let count):
      addMissed(entries, to: index)
      let total = count + batch.messages.count
      if !isWhole(batch, request), let last = batch.messages.last {
        // Also where nothing on the page is to be shown: what follows it may be.
        if total < Self.gapLimit, let time = last.tag("time").flatMap({ Timestamp($0) }) {
          return askForMore(name, afterID: last.tag("msgid"), time: time, count: total)
        }
        noteRest(in: index)
      }
    case .fresh, nil: addMissed(entries, to: index, isNew: true)
    }
    endHistory(of: name)
  }

  /// A page of few lines is the last, unless it is one of much text: servers cut those.
  private func isWhole(_ batch: Batches.Batch, _ request: HistoryRequest?) -> Bool {
    if batch.tags.contains(where: { $0.key == "draft/chathistory-end" }) { return true }
    let bytes = batch.messages.reduce(0) { $0 + ($1.parameters.last?.utf8.count ?? 0) }
    return batch.messages.count < (request?.limit ?? 0) && bytes < Self.longPageBytes
  }

  private static let longPageBytes = 32 * 1024

  private mutating func noteRest(in index: Int) {
    let text = "More was said than was fetched; what is between here and there is not shown."
    add(Entry(time: now, kind: .failure, text: text, isAside: true), to: index)
  }

  /// At the end of what is known of the room: what was said live since then is held back.
  ///
  /// - Parameter isNew: whether the room was just entered for the first time; then only what
  ///   another device of ours has not read is unread.
  private mutating func addMissed(_ entries: [Entry], to index: Int, isNew: Bool = false) {
    guard !entries.isEmpty else { return }
    let isSeen = index == rooms.shownIndex
    if isSeen {
      settlePresence()
      perform(.show(EntryRenderer.rule(isNew ? "what was said before" : "what was missed")))
    }
    let marker = rooms.all[index].readMarker
    for entry in entries {
      let isRead = marker.map { entry.time <= $0 } ?? isNew
      // What was said before one came may have been heard, and logged, by a run before this one.
      if !isNew { log(entry, in: rooms.all[index].name) }
      rooms.update(index) { _ = $0.add(entry, isSeen: isSeen, isRead: isRead) }
      if isSeen { show(entry) }
      if !isRead, !isSeen, entry.isMention { ring(entry, in: index) }
    }
    if isSeen { perform(.show(EntryRenderer.rule("until now"))) }
  }

  private mutating func ring(_ entry: Entry, in index: Int) {
    perform(
      .alert(
        Alert(
          author: SafeText.clean(entry.author), room: SafeText.clean(rooms.all[index].name),
          text: FormattedText.plain(entry.text))))
  }

  private mutating func addOlder(_ entries: [Entry], to index: Int) {
    rooms.update(index) { $0.addOlder(entries) }
    guard index == rooms.shownIndex else { return }
    if entries.isEmpty { return inform("There is nothing older.") }
    show(entries[...], under: "what was said before")
  }

  mutating func show(_ entries: ArraySlice<Entry>, under title: String) {
    settlePresence()
    perform(.show(EntryRenderer.rule(title)))
    lastDayShown = nil
    for entry in entries {
      // The first of a day says which one it is: it may be long ago.
      if lastDayShown == nil { perform(.show(EntryRenderer.rule(LocalTime(entry.time).date))) }
      show(entry)
    }
    perform(.show(EntryRenderer.rule("until here")))
  }

  /// The server has said what there is: now comes what was said meanwhile.
  mutating func endHistory(of name: String) {
    guard let request = historyRequests.removeValue(forKey: FoldedName(name)) else { return }
    for message in request.held { receive(message, now: now) }
  }

  mutating func endAllHistory() {
    for name in historyRequests.keys.map({ $0 }) {
      guard let request = historyRequests.removeValue(forKey: name) else { continue }
      for message in request.held { receive(message, now: now) }
    }
  }

  /// Called now and then.
  mutating func giveUpHistory() {
    for (name, request) in historyRequests
    where now.milliseconds - request.asked.milliseconds >= Self.historyPatience {
      historyRequests.removeValue(forKey: name)
      for message in request.held { receive(message, now: now) }
    }
  }

  /// `FAIL CHATHISTORY CODE context… :words`
  ///
  /// - Returns: whether it needs no more words.
  mutating func historyFailed(_ contexts: [String]) -> Bool {
    guard let name = contexts.first(where: { historyRequests[FoldedName($0)] != nil }),
      let request = historyRequests[FoldedName(name)]
    else { return false }
    if request.isById, case .gap = request.kind,
      let last = rooms[name]?.entries.last(where: \.isSaid)
    {
      // The message is forgotten there: the time will do.
      ask(name, ["AFTER", name, "timestamp=\(last.time)"], request.kind, request.limit)
      return true
    }
    endHistory(of: name)
    return request.kind != .older
  }

  /// Talks in which something was said meanwhile: `CHATHISTORY TARGETS <name> <timestamp>`.
  /// What nobody asked for, or is more than that, opens nothing.
  mutating func heardTargets(_ batch: Batches.Batch) {
    guard asksForTalks else { return }
    asksForTalks = false
    for message in batch.messages.prefix(Self.mostTalks) where message.parameters.count >= 2 {
      let name = message.parameters[1]
      guard !isRoomName(name), !isMe(name) else { continue }
      let isKnown = rooms[name] != nil
      rooms.open(Room(name: name, isPrivate: true))
      guard historyRequests[FoldedName(name)] == nil else { continue }
      if isKnown { askForHistory(of: name) } else { askForTalk(with: name) }
    }
  }

  private mutating func askForTalk(with name: String) {
    guard let lost = lastLost, let page = historyPage else { return }
    ask(name, ["AFTER", name, "timestamp=\(lost)"], .gap(count: 0), page)
  }

  // MARK: Searching

  /// - Returns: whether the server was asked.
  mutating func searchServer(_ text: String) -> Bool {
    guard capabilities.contains("soju.im/search"), capabilities.contains("batch"), link == .up,
      let room = rooms.current
    else { return false }
    var words: [UInt8] = []
    for (index, tag) in [Tag("in", room.name), Tag("text", text), Tag("limit", "50")].enumerated() {
      if index > 0 { words.append(UInt8(ascii: ";")) }
      tag.append(to: &words)
    }
    return send("SEARCH", String(decoding: words, as: UTF8.self))
  }

  mutating func found(_ batch: Batches.Batch) {
    let entries = batch.messages.compactMap(past).map(\.entry)
    if entries.isEmpty { return inform("The server has found nothing.") }
    show(entries[...], under: "the server has found \(Sentence.count(entries.count, "line"))")
  }
}
