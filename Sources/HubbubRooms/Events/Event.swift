import HubbubLog
import IRCWire

/// Something that happens in a room, or to one person, before it has a place in a log.
public struct Event: Sendable {
  /// Whether the author reads its own event: what it said only with `echo-message`, what the server
  /// made of its command (JOIN, PART, TOPIC …) always.
  public typealias Echo = HubbubLog.Echo

  /// One form of the event.
  public struct Variant: Sendable {
    /// The capabilities without which this form is not understood.
    public var needs: Capability

    /// The line with its ending, without tags. Empty where those who get this form see nothing.
    public var line: [UInt8]

    /// Further lines of the same event. They carry no message id.
    public var more: [Continuation]

    public init(needs: Capability = [], line: [UInt8], more: [Continuation] = []) {
      self.needs = needs
      self.line = line
      self.more = more
    }

    /// Nothing, for those who negotiated something.
    static func hidden(from capabilities: Capability) -> Variant {
      Variant(needs: capabilities, line: [])
    }
  }

  /// A further line of an event.
  public enum Continuation: Sendable {
    /// As it is, with whatever tags it has.
    case verbatim([UInt8])

    /// Like the first line, with the tags that every line has.
    case tagged([UInt8])
  }

  /// An event that has its place, and with it its time and its message id.
  struct Placed: Sendable {
    let event: Event
    let time: Timestamp
    let id: [UInt8]
  }

  public var author: MemberID
  public var echo: Echo

  /// The forms, the most demanding first. A rendition gets the first that it understands, or
  /// nothing.
  public var variants: [Variant]

  /// The author's client-only tags, for those who negotiated `message-tags`.
  public var clientTags: [Tag]

  /// The author's account, for those who negotiated `account-tag`.
  public var account: String?

  /// Who relays it for somebody elsewhere, for those who negotiated `draft/relaymsg` or
  /// `message-tags`.
  public var relayedBy: String?

  /// Whether the author is a program, for those who negotiated `message-tags`.
  public var isBot = false

  public init(
    author: MemberID, echo: Echo, variants: [Variant], clientTags: [Tag] = []
  ) {
    self.author = author
    self.echo = echo
    self.variants = variants
    self.clientTags = clientTags
  }

  /// An event with one form for all.
  public init(author: MemberID, echo: Echo, line: [UInt8], clientTags: [Tag] = []) {
    self.init(author: author, echo: echo, variants: [Variant(line: line)], clientTags: clientTags)
  }

  /// An event with everything that is known of its author.
  public init(by author: Author, echo: Echo, variants: [Variant], clientTags: [Tag] = []) {
    self.init(
      author: author.member.id, echo: echo, variants: variants, clientTags: clientTags)
    account = author.account
    isBot = author.isBot
  }

  /// An event with everything that is known of its author, and one form for all.
  public init(by author: Author, echo: Echo, line: [UInt8]) {
    self.init(by: author, echo: echo, variants: [Variant(line: line)])
  }

  /// Somebody goes for good (QUIT).
  init(farewellOf member: Member, _ source: String, _ reason: String) {
    var line = LineBuffer()
    line.append(source: source, "QUIT", trailing: reason)
    self.init(author: member.id, echo: .never, line: line.bytes)
  }

  /// A message is taken back (REDACT, IRCv3 draft/message-redaction).
  ///
  /// - Parameter target: the room, or the person, to whom it was said.
  public init(redacting id: String, in target: String, _ reason: String?, by author: Author) {
    var line = LineBuffer()
    line.append(source: author.source, "REDACT", [target, id], trailing: reason)
    self.init(
      by: author, echo: .always, variants: [Variant(needs: .messageRedaction, line: line.bytes)])
  }

  /// The capabilities that change a byte of it: those who differ in none of them see the same.
  var decisive: Capability {
    var tags: Capability = [.serverTime, .messageTags, .accountTag, .bareTerminal]
    if relayedBy != nil { tags.insert(.relayMessage) }
    return variants.reduce(tags) { $0.union($1.needs) }
  }

  /// The event as `rendition` sees it; empty where it does not.
  public func encoded(as rendition: Rendition, time: Timestamp, id: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes, as: rendition, time: time, id: id)
    return bytes
  }

  /// Appends the event as `rendition` sees it, which may be nothing.
  ///
  /// - Parameter id: the message id; appended where tags were negotiated.
  public func append(
    to bytes: inout [UInt8], as rendition: Rendition, time: Timestamp, id: [UInt8]
  ) {
    let understood = rendition.capabilities
    guard let variant = variants.first(where: { understood.isSuperset(of: $0.needs) }),
      !variant.line.isEmpty
    else { return }
    if rendition.isText { return Self.append(variant, asTextTo: &bytes) }
    append(variant.line, to: &bytes, understood, time: time, id: id, isFirst: true)
    for line in variant.more {
      switch line {
      case .verbatim(let line): bytes.append(contentsOf: line)
      case .tagged(let line):
        append(line, to: &bytes, understood, time: time, id: id, isFirst: false)
      }
    }
  }

  private func append(
    _ line: [UInt8], to bytes: inout [UInt8], _ understood: Capability, time: Timestamp,
    id: [UInt8], isFirst: Bool
  ) {
    var separator = UInt8(ascii: "@")
    func begin(_ key: StaticString) {
      bytes.append(separator)
      separator = UInt8(ascii: ";")
      key.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }
    if understood.contains(.serverTime) {
      begin("time=")
      time.append(to: &bytes)
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
        bytes.append(contentsOf: id)
      }
      if isBot { begin("bot") }
      for tag in clientTags {
        begin("")
        tag.append(to: &bytes)
      }
    }
    if separator == UInt8(ascii: ";") { bytes.append(UInt8(ascii: " ")) }
    bytes.append(contentsOf: line)
  }

  private static func append(_ variant: Variant, asTextTo bytes: inout [UInt8]) {
    Rendition.appendText(of: variant.line, to: &bytes)
    for case .tagged(let line) in variant.more { Rendition.appendText(of: line, to: &bytes) }
  }
}
