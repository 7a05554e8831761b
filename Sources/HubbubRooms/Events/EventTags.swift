import IRCWire

/// The tags of an event's lines, but for those that its place gives it.
struct EventTags: Sendable {
  /// The author's client-only tags, for those who negotiated `message-tags`.
  var client: [Tag] = []

  /// The author's account, for those who negotiated `account-tag`.
  var account: String?

  /// Who relays it for somebody elsewhere, for those who negotiated `draft/relaymsg` or
  /// `message-tags`.
  var relayedBy: String?

  /// Whether the author is a program, for those who negotiated `message-tags`.
  var isBot = false

  /// The capabilities that change a byte of them.
  var decisive: Capability {
    var tags: Capability = [.serverTime, .messageTags, .accountTag]
    if relayedBy != nil { tags.insert(.relayMessage) }
    return tags
  }

  /// Appends `@a=b;c ` as those see it who negotiated `understood`, or nothing.
  ///
  /// - Parameter isFirst: whether it is the first line of the event, which alone carries what is
  ///   said once of an event.
  func append(
    to bytes: inout [UInt8], _ understood: Capability, _ place: EventPlace, isFirst: Bool
  ) {
    var separator = UInt8(ascii: "@")
    func begin(_ key: StaticString) {
      bytes.append(separator)
      separator = UInt8(ascii: ";")
      key.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }
    if understood.contains(.serverTime) {
      begin("time=")
      place.time.append(to: &bytes)
    }
    if understood.contains(.accountTag), let account {
      begin("account=")
      bytes.append(contentsOf: account.utf8)
    }
    let isTagged = understood.contains(.relayMessage) || understood.contains(.messageTags)
    if isTagged, isFirst, let relayedBy {
      begin("")
      Tag("draft/relaymsg", relayedBy).append(to: &bytes)
    }
    if understood.contains(.messageTags) {
      if isFirst {
        begin("msgid=")
        place.appendID(to: &bytes)
      }
      if isBot { begin("bot") }
      for tag in client {
        begin("")
        tag.append(to: &bytes)
      }
    }
    if separator == UInt8(ascii: ";") { bytes.append(UInt8(ascii: " ")) }
  }
}
