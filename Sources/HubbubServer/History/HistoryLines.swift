import HubbubRooms
import HubbubStore
import IRCWire

/// Stored messages and events as one client reads them: the same ids, times, authors and order as
/// when they were said. A value, for one answer.
struct HistoryLines {
  private let capabilities: Capability

  /// The room's name now; of a private talk the other's.
  private let room: String

  /// In a private talk, who reads it: what the other says is said to it.
  private let reader: (account: Int64, nickname: String)?

  /// What the ids begin with, from which number on; ascending.
  private let epochs: [HistoryEpoch]

  /// The batch around them; nil where the client knows no batches.
  private let batch: String?

  init(
    _ capabilities: Capability, room: String, _ epochs: [HistoryEpoch], batch: String?,
    readBy reader: (account: Int64, nickname: String)? = nil
  ) {
    (self.capabilities, self.room, self.epochs) = (capabilities, room, epochs)
    (self.batch, self.reader) = (batch, reader)
  }

  /// To whom it was said.
  private func target(of entry: StoredEntry) -> String {
    guard let reader, entry.account != reader.account else { return room }
    return reader.nickname
  }

  /// The kinds of events that a client is sent.
  ///
  /// "If the client has not negotiated the event-playback capability, the server MUST NOT send any
  /// lines other than PRIVMSG and NOTICE in the reply batch." (IRCv3 chathistory)
  static func events(for capabilities: Capability) -> Set<StoredEntry.Kind> {
    guard capabilities.contains(.eventPlayback) else { return [] }
    var kinds: Set<StoredEntry.Kind> = [.join, .part, .quit, .nickname, .kick, .mode, .topic]
    if capabilities.contains(.messageTags) { kinds.insert(.tagMessage) }
    if capabilities.contains(.messageRedaction) { kinds.insert(.redaction) }
    if capabilities.contains(.channelRename) { kinds.insert(.rename) }
    return kinds
  }

  /// - Parameter reference: a name for a batch within, another one each time.
  func lines(of entry: StoredEntry, reference: () -> String) -> [UInt8] {
    var bytes: [UInt8] = []
    switch entry.kind {
    case .message, .action: append(entry, "PRIVMSG", reference, to: &bytes)
    case .notice: append(entry, "NOTICE", reference, to: &bytes)
    default: append(event: entry, to: &bytes)
    }
    return bytes
  }

  // MARK: What was said

  private func append(
    _ entry: StoredEntry, _ verb: String, _ reference: () -> String, to bytes: inout [UInt8]
  ) {
    guard let form = entry.form, form.count > 1 else {
      return append(entry, isFirst: true, verb, target(of: entry), entry.text[...], to: &bytes)
    }
    let room = target(of: entry)
    let lines = entry.text.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard capabilities.isSuperset(of: [.multiline, .batch, .messageTags]) else {
      var isFirst = true
      for line in lines where !line.isEmpty {
        append(entry, isFirst: isFirst, verb, room, line, to: &bytes)
        isFirst = false
      }
      return
    }
    let inner = reference()
    append(entry, isFirst: true, "BATCH", "+\(inner) draft/multiline \(room)", nil, to: &bytes)
    for (line, goesOn) in zip(lines, form) {
      let tags = [Tag("batch", inner)] + (goesOn == 1 ? [Tag("draft/multiline-concat")] : [])
      Tag.append(tags, to: &bytes)
      Self.append(entry.source, verb, room, line, to: &bytes)
    }
    if let batch { Tag.append([Tag("batch", batch)], to: &bytes) }
    Self.append(entry.source, "BATCH", "-\(inner)", nil, to: &bytes)
  }

  private func append(
    _ entry: StoredEntry, isFirst: Bool, _ verb: String, _ words: String,
    _ text: ArraySlice<UInt8>?, to bytes: inout [UInt8]
  ) {
    appendTags(of: entry, isFirst: isFirst, to: &bytes)
    Self.append(entry.source, verb, words, text, to: &bytes)
  }

  /// `:source VERB words :text`
  private static func append(
    _ source: String, _ verb: String, _ words: String, _ text: ArraySlice<UInt8>?,
    to bytes: inout [UInt8]
  ) {
    let start = bytes.count
    bytes += ":\(source) \(verb) \(words)".utf8
    if let text {
      bytes += " :".utf8
      bytes += text
    }
    end(&bytes, from: start)
  }

  private static func end(_ bytes: inout [UInt8], from start: Int) {
    // The room's name may be a longer one than it was.
    LineBuffer.cut(&bytes, from: start)
    bytes += "\r\n".utf8
  }

  // MARK: What happened

  private static let verbs: [StoredEntry.Kind: String] = [
    .join: "JOIN", .part: "PART", .quit: "QUIT", .nickname: "NICK", .kick: "KICK", .mode: "MODE",
    .topic: "TOPIC", .tagMessage: "TAGMSG", .redaction: "REDACT", .rename: "RENAME",
  ]

  private func append(event entry: StoredEntry, to bytes: inout [UInt8]) {
    guard let verb = Self.verbs[entry.kind] else { return }
    var text = entry.text
    // "The extended JOIN" is for those alone who negotiated it.
    if entry.kind == .join, !capabilities.contains(.extendedJoin) { text = [] }
    var isFirst = true
    for words in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      appendTags(of: entry, isFirst: isFirst, to: &bytes)
      let start = bytes.count
      bytes += ":\(entry.source) \(verb)".utf8
      if HeardEntry.hasTarget(entry.kind) { bytes += " \(target(of: entry))".utf8 }
      if !words.isEmpty {
        bytes.append(UInt8(ascii: " "))
        bytes += words
      }
      Self.end(&bytes, from: start)
      isFirst = false
    }
  }

  // MARK: Tags

  private func appendTags(of entry: StoredEntry, isFirst: Bool, to bytes: inout [UInt8]) {
    var tags: [[UInt8]] = []
    if let batch { tags.append(Array("batch=\(batch)".utf8)) }
    if capabilities.contains(.serverTime) {
      tags.append(Array("time=\(Timestamp(milliseconds: entry.time))".utf8))
    }
    let own = Self.split(entry.tags)
    if capabilities.contains(.accountTag) { tags += own.account }
    if capabilities.contains(.messageTags) {
      if isFirst, let id = id(of: entry.key.sequence) { tags.append(Array("msgid=\(id)".utf8)) }
      tags += own.others
    }
    guard !tags.isEmpty else { return }
    bytes.append(UInt8(ascii: "@"))
    bytes += tags.joined(separator: [UInt8(ascii: ";")])
    bytes.append(UInt8(ascii: " "))
  }

  /// The account, which is for those who negotiated `account-tag`, and the rest.
  private static func split(_ tags: [UInt8]) -> (account: [[UInt8]], others: [[UInt8]]) {
    let all = tags.split(separator: UInt8(ascii: ";")).map { Array($0) }
    let isAccount = { (tag: [UInt8]) in tag.starts(with: "account=".utf8) }
    return (all.filter(isAccount), all.filter { !isAccount($0) })
  }

  private func id(of sequence: UInt64) -> String? {
    epochs.last { $0.first <= sequence }.map { "\($0.name)-\(sequence)" }
  }
}
