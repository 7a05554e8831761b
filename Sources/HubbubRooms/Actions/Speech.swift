import IRCWire

/// What somebody says, before it is said to anybody.
public struct Speech: Sendable {
  /// The command that says it.
  public enum Verb: String, Sendable {
    case message = "PRIVMSG"
    case notice = "NOTICE"

    /// Tags without a text.
    case tags = "TAGMSG"
  }

  public enum Content: Sendable {
    case nothing
    case text(SpokenText)

    /// A message of several lines (IRCv3 draft/multiline), and the name of its batch for those who
    /// read it as one.
    case lines([Line], batch: String)
  }

  /// A line of a message of several.
  public struct Line: Sendable {
    public let text: String

    /// Whether it goes on where the line before ended (`draft/multiline-concat`).
    public let isContinued: Bool

    public init(text: String, isContinued: Bool) {
      self.text = text
      self.isContinued = isContinued
    }
  }

  public let verb: Verb
  public let content: Content

  /// Client-only tags.
  public let tags: [Tag]

  public init(_ verb: Verb, _ content: Content, tags: [Tag] = []) {
    self.verb = verb
    self.content = content
    self.tags = tags
  }

  /// Whether it asks the recipients' programs for something (CTCP but ACTION).
  var isRequest: Bool {
    switch content {
    case .nothing: false
    case .text(let text): Ctcp.isRequest(text.bytes)
    case .lines(let lines, _): lines.contains { Ctcp.isRequest($0.text) }
    }
  }

  /// The same with bytes of its own, for whoever keeps it.
  public var owned: Speech {
    guard case .text(let text) = content else { return self }
    return Speech(verb, .text(text.owned), tags: tags)
  }

  /// Whether there is no text in it.
  public var isEmpty: Bool {
    switch content {
    case .nothing: true
    case .text(let text): text.isEmpty
    case .lines(let lines, _): lines.allSatisfy(\.text.isEmpty)
    }
  }
}
