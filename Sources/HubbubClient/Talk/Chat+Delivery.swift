import IRCWire

/// What becomes of a line that one says: on its way, until the server echoes it; or lost with the
/// connection, or refused, and then offered back. Nothing is said a second time unasked.
extension Chat {
  /// More lines than this are not watched on their way, nor offered back.
  static let ownLineLimit = 2000

  private static let notesLimit = 3

  /// A line was handed to the connection, and the server will echo it.
  mutating func expectEcho(of line: OwnLine) {
    guard onTheirWay.count < Self.ownLineLimit else { return }
    onTheirWay.append(line)
  }

  /// The server has echoed a line: the same text, or else what was said there first, as the server
  /// made it.
  mutating func settle(
    _ text: String, to target: String, kind: Entry.Kind, label: String? = nil
  ) {
    let index =
      label.flatMap { label in onTheirWay.firstIndex { $0.label == label } }
      ?? onTheirWay.firstIndex { $0.isTo(target) && $0.kind == kind && $0.text == text }
      // What has a label is settled by that, or by its text where somebody on the way lost it.
      ?? onTheirWay.firstIndex { $0.isTo(target) && $0.kind == kind && $0.label == nil }
    if let index { onTheirWay.remove(at: index) }
  }

  /// A new label; nil where the server knows none.
  mutating func newLabel() -> String? {
    guard capabilities.contains("labeled-response"), capabilities.contains("batch") else {
      return nil
    }
    lastLabel += 1
    return "l\(lastLabel)"
  }

  /// What the server says of a labeled line: a refusal is of this one and no other.
  mutating func heardLabel(_ label: String, _ message: Message) {
    let isRefusal =
      message.command == "FAIL" || Int(message.command).map { (400..<600).contains($0) } ?? false
    guard isRefusal, let index = onTheirWay.firstIndex(where: { $0.label == label }) else { return }
    giveBack([onTheirWay.remove(at: index)])
  }

  /// The server refuses what was said to `target`.
  mutating func refuse(to target: String) {
    // Said with a label by a server that knows them: the right one has been given back already.
    guard let index = onTheirWay.firstIndex(where: { $0.isTo(target) && $0.label == nil }) else {
      return
    }
    giveBack([onTheirWay.remove(at: index)])
  }

  /// A message that did not even leave this program.
  mutating func dropped(_ message: Message) {
    guard let target = message.parameters.first, let text = message.parameters.last,
      let index = onTheirWay.lastIndex(where: { $0.isTo(target) && text.contains($0.text) })
    else { return }
    giveBack([onTheirWay.remove(at: index)])
  }

  /// The connection is lost: what was on its way may have arrived, or not.
  mutating func loseOwnLines() {
    let lines = onTheirWay
    onTheirWay = []
    giveBack(lines)
  }

  /// The room that lines waited for was not entered.
  mutating func giveBackWaiting(for target: String) {
    let lines = waiting.filter { $0.isTo(target) }
    guard !lines.isEmpty else { return }
    waiting.removeAll { $0.isTo(target) }
    if let index = rooms.index(of: target) { rooms.update(index) { $0.dropWaiting() } }
    giveBack(lines)
  }

  /// Shows lines as not delivered, where they were said, and keeps them for `/resend`.
  private mutating func giveBack(_ lines: [OwnLine]) {
    for line in lines {
      undelivered.append(line)
      var entry = Entry(
        time: line.time, kind: line.kind, author: nickname, text: line.shownText, isOwn: true)
      entry.isUndelivered = true
      let index = rooms.index(of: line.target)
      if index == nil { entry.text = "to \(line.target): " + entry.text }
      add(entry, to: index ?? rooms.currentIndex)
    }
    undelivered.removeFirst(max(0, undelivered.count - Self.ownLineLimit))
  }

  /// Says again what was not delivered here: to the room on the screen, or to whom no room is open
  /// for.
  mutating func resend() {
    let here = undelivered.filter { line in
      rooms.index(of: line.target).map { $0 == rooms.currentIndex } ?? true
    }
    guard !here.isEmpty else { return inform("Nothing waits here to be sent again.") }
    undelivered.removeAll { here.contains($0) }
    for line in here {
      say(line)
    }
  }

  /// Says a line that was kept.
  mutating func say(_ line: OwnLine) {
    if line.kind == .notice {
      sayNotice(line.text, to: line.target)
    } else {
      say(line.text, to: line.target, isAction: line.isAction)
    }
  }

  /// The last lines that are on their way.
  var deliveryNotes: [StyledText] {
    var notes = onTheirWay.suffix(Self.notesLimit).map { line in
      var entry = Entry(
        time: line.time, kind: line.kind, author: nickname, text: line.shownText, isOwn: true)
      if rooms.current.map({ !line.isTo($0.name) }) ?? true {
        entry.text = "to \(line.target): " + entry.text
      }
      entry.isOnItsWay = true
      return rendered(entry)
    }
    let others = onTheirWay.count - notes.count
    if others > 0 {
      let text = "\(Sentence.count(others, "more line")) on the way"
      notes.insert(StyledText(text, .dim), at: 0)
    }
    return notes
  }
}
