import HubbubStore
import IRCWire

/// An entry of a room's log, taken apart to be stored.
struct HeardEntry {
  private(set) var entry: StoredEntry

  /// The id of the message that it takes back; nil where it takes none back.
  private(set) var redactedID: String?

  /// - Parameters:
  ///   - bytes: its lines, as `RoomPast.rendition` has them.
  ///   - key: its number.
  ///   - accountID: the number of the account of a name.
  /// - Returns: nil for what is not remembered: what programs ask each other (CTCP), who is typing,
  ///   and what is nothing in the rendition.
  init?(
    _ bytes: UnsafeRawBufferPointer, at key: MessageKey,
    _ accountID: (String) -> Int64? = { _ in nil }
  ) {
    let lines = bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      // What the server wrote itself is always a message, with a CR behind it.
      try? Message(parsing: UnsafeRawBufferPointer(rebasing: line.dropLast()))
    }
    guard let first = lines.first, let source = first.source?.description,
      let time = first.tag("time").flatMap({ Timestamp($0) })
    else { return nil }
    entry = StoredEntry(
      key: key, time: time.milliseconds, source: source,
      account: first.tag("account").flatMap(accountID), text: [], tags: Self.kept(first.tags))
    switch first.command {
    case "PRIVMSG", "NOTICE": hear([first], as: first.command)
    case "BATCH":
      // The lines between its beginning and its end.
      let parts = lines.filter { $0.command != "BATCH" }
      hear(parts, as: parts.first?.command)
    case "TAGMSG":
      guard !entry.tags.isEmpty else { return nil }
      entry.kind = .tagMessage
    default:
      guard let kind = Self.kinds[first.command] else { return nil }
      entry.kind = kind
      let hasTarget = Self.hasTarget(kind)
      // Of a MODE in several lines all of them.
      let words = lines.map { Self.words($0.parameters.dropFirst(hasTarget ? 1 : 0)) }
      entry.text = Array(words.joined(separator: [UInt8(ascii: "\n")]))
      if kind == .redaction { redactedID = first.parameters.dropFirst().first }
    }
    if entry.kind.isSpeech, Self.isRequest(entry.text) { return nil }
  }

  private mutating func hear(_ lines: [Message], as command: String?) {
    let texts = lines.map { Array(($0.parameters.last ?? "").utf8) }
    entry.text = Array(texts.joined(separator: [UInt8(ascii: "\n")]))
    entry.kind =
      command == "NOTICE"
      ? .notice : Ctcp.isMessage(lines.first?.parameters.last ?? "") ? .action : .message
    guard lines.count > 1 else { return }
    entry.form = lines.map { $0.tag("draft/multiline-concat") == nil ? 0 : 1 }
  }

  // MARK: Kinds

  private static let kinds: [String: StoredEntry.Kind] = [
    "JOIN": .join, "PART": .part, "QUIT": .quit, "NICK": .nickname, "KICK": .kick, "MODE": .mode,
    "TOPIC": .topic, "REDACT": .redaction, "RENAME": .rename,
  ]

  /// Whether the first parameter is the room, which may have another name when it is read again.
  static func hasTarget(_ kind: StoredEntry.Kind) -> Bool {
    switch kind {
    case .quit, .nickname, .rename: false
    default: true
    }
  }

  /// Parameters as they stand in a line.
  private static func words(_ parameters: ArraySlice<String>) -> [UInt8] {
    guard !parameters.isEmpty else { return [] }
    return Array(Message("X", Array(parameters)).encoded().dropFirst(2).dropLast(2))
  }

  /// Something that asks a program for an answer, or is one: nobody wants that asked again.
  private static func isRequest(_ text: [UInt8]) -> Bool {
    text.withUnsafeBytes { Ctcp.isRequest($0) }
  }

  // MARK: Tags

  /// What others are told of it again, as on the wire: all but what its place gives it, and who is
  /// typing.
  private static func kept(_ tags: [Tag]) -> [UInt8] {
    let kept = tags.filter { !passing.contains($0.key) }
    guard !kept.isEmpty else { return [] }
    var bytes: [UInt8] = []
    Tag.append(kept, to: &bytes)
    // Without the sign before and the space behind.
    return Array(bytes.dropFirst().dropLast())
  }

  private static let passing: Set<String> = [
    "time", "msgid", "batch", "+typing", "+draft/typing",
  ]
}
