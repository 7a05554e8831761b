import HubbubLog
import IRCWire

/// Something that happens, in one or several forms: what is written on the way is chosen by what a
/// reader understands.
public struct Event: RoomEvent, Sendable {
  /// One form of the event.
  public struct Variant: Sendable {
    /// The capabilities without which this form is not understood.
    public var needs: Capability

    /// The line with its ending, without tags. Empty where those who get this form see nothing.
    public var line: [UInt8]

    /// Further lines of the same event, with the tags that every line has; they carry no message
    /// id.
    public var more: [[UInt8]]

    public init(needs: Capability = [], line: [UInt8], more: [[UInt8]] = []) {
      self.needs = needs
      self.line = line
      self.more = more
    }

    /// Nothing, for those who negotiated something.
    static func hidden(from capabilities: Capability) -> Variant {
      Variant(needs: capabilities, line: [])
    }
  }

  public var author: MemberID
  public var echo: Echo

  /// The forms, the most demanding first. A rendition gets the first that it understands, or
  /// nothing.
  public var variants: [Variant]

  var tags: EventTags

  public init(author: MemberID, echo: Echo, variants: [Variant], clientTags: [Tag] = []) {
    self.author = author
    self.echo = echo
    self.variants = variants
    tags = EventTags(client: clientTags)
  }

  /// An event with one form for all.
  public init(author: MemberID, echo: Echo, line: [UInt8], clientTags: [Tag] = []) {
    self.init(author: author, echo: echo, variants: [Variant(line: line)], clientTags: clientTags)
  }

  /// An event with everything that is known of its author.
  public init(by author: Author, echo: Echo, variants: [Variant]) {
    self.init(author: author.session.id, echo: echo, variants: variants)
    tags.account = author.account
    tags.isBot = author.isBot
  }

  /// An event with everything that is known of its author, and one form for all.
  public init(by author: Author, echo: Echo, line: [UInt8]) {
    self.init(by: author, echo: echo, variants: [Variant(line: line)])
  }

  /// Somebody goes for good (QUIT).
  init(farewellOf author: MemberID, _ source: String, _ reason: String) {
    var line = LineBuffer()
    line.append(source: source, "QUIT", trailing: reason)
    self.init(author: author, echo: .never, line: line.bytes)
  }

  /// A message is taken back (REDACT, IRCv3 draft/message-redaction).
  ///
  /// - Parameters:
  ///   - target: the room, or the person, to whom it was said.
  ///   - source: the author's, as of the place of the event.
  init(
    redacting id: String, in target: String, _ reason: String?, by author: Author,
    known source: String
  ) {
    var line = LineBuffer()
    line.append(source: source, "REDACT", [target, id], trailing: reason)
    self.init(
      by: author, echo: .always, variants: [Variant(needs: .messageRedaction, line: line.bytes)])
  }

  var decisive: Capability {
    variants.reduce(tags.decisive.union(.forms)) { $0.union($1.needs) }
  }

  /// The same that its author does not read.
  var silent: Event {
    var event = self
    event.echo = .never
    return event
  }

  func append(to bytes: inout [UInt8], as rendition: Rendition, _ place: EventPlace) {
    let understood = rendition.capabilities
    guard let variant = variants.first(where: { understood.isSuperset(of: $0.needs) }),
      !variant.line.isEmpty
    else { return }
    if rendition.isText { return Self.append(variant, asTextTo: &bytes) }
    tags.append(to: &bytes, understood, place, isFirst: true)
    bytes.append(contentsOf: variant.line)
    for line in variant.more {
      tags.append(to: &bytes, understood, place, isFirst: false)
      bytes.append(contentsOf: line)
    }
  }

  private static func append(_ variant: Variant, asTextTo bytes: inout [UInt8]) {
    Rendition.appendText(of: variant.line, to: &bytes)
    for line in variant.more { Rendition.appendText(of: line, to: &bytes) }
  }
}
