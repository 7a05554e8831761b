import IRCWire

/// Something that happens in a room, or to one person, before it has a place in a log.
public struct Event: Sendable {
  /// Whether the author reads its own event.
  public enum Echo: UInt8, Sendable {
    /// Only with `echo-message`: what it said itself.
    case onRequest

    /// Always: what the server made of its command (JOIN, PART, TOPIC …).
    case always

    /// Never.
    case never
  }

  /// One form of the event's line.
  public struct Variant: Sendable {
    /// The capabilities without which this form is not understood.
    public var needs: Capability

    /// The line with its ending, without tags. Empty where those who get this form see nothing.
    public var line: [UInt8]

    public init(needs: Capability = [], line: [UInt8]) {
      self.needs = needs
      self.line = line
    }
  }

  public var author: MemberID
  public var echo: Echo

  /// The forms, the most demanding first. A rendition gets the first that it understands, or nothing.
  public var variants: [Variant]

  /// The author's client-only tags, for those who negotiated `message-tags`.
  public var clientTags: [Tag]

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
    if understood.contains(.messageTags) {
      begin("msgid=")
      bytes.append(contentsOf: id)
      for tag in clientTags {
        begin("")
        tag.append(to: &bytes)
      }
    }
    if separator == UInt8(ascii: ";") { bytes.append(UInt8(ascii: " ")) }
    bytes.append(contentsOf: variant.line)
  }
}
