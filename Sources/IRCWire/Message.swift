/// One line of the protocol, taken apart: `@tags :source COMMAND parameter … :last parameter`.
///
/// Modern IRC "Message format", IRCv3 message-tags.
public struct Message: Sendable, Equatable {
  /// In the order of the line. Empty where the line had none.
  public var tags: [Tag]

  /// Who sent it. Clients leave it out.
  public var source: Source?

  /// In capitals, or three digits.
  public var command: String

  /// At most 15. Only the last may be empty, contain a space or begin with a colon.
  public var parameters: [String]

  public init(
    tags: [Tag] = [], source: Source? = nil, _ command: String, _ parameters: [String] = []
  ) {
    self.tags = tags
    self.source = source
    self.command = command
    self.parameters = parameters
  }

  public init(
    tags: [Tag] = [], source: Source? = nil, _ command: String, _ parameters: String...
  ) {
    self.init(tags: tags, source: source, command, parameters)
  }

  /// The value of the tag `key`, "" where it has none; nil where the message has no such tag.
  public func tag(_ key: String) -> String? {
    // "Clients receiving messages with more than one occurrence of a tag key SHOULD discard all but
    // the final occurrence." (IRCv3 message-tags, "Format").
    tags.last { $0.key == key }?.value
  }

  /// The line as bytes, with its ending.
  ///
  /// The parameters must be writable: no CR, LF or NUL anywhere, and none but the last empty, with
  /// a space or with a leading colon. The length is not limited here.
  public func encoded() -> [UInt8] {
    var line: [UInt8] = []
    Tag.append(tags, to: &line)
    if let source {
      line.append(Ascii.colon)
      line.append(contentsOf: source.description.utf8)
      line.append(Ascii.space)
    }
    line.append(contentsOf: command.utf8)
    for (index, parameter) in parameters.enumerated() {
      line.append(Ascii.space)
      if index == parameters.count - 1, Self.needsColon(parameter) { line.append(Ascii.colon) }
      line.append(contentsOf: parameter.utf8)
    }
    line.append(Ascii.carriageReturn)
    line.append(Ascii.lineFeed)
    return line
  }

  private static func needsColon(_ parameter: String) -> Bool {
    parameter.isEmpty || parameter.utf8.first == Ascii.colon
      || parameter.utf8.contains(Ascii.space)
  }
}
