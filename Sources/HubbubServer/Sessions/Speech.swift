import HubbubRooms
import IRCWire

/// What somebody says, before it is said to anybody.
struct Speech {
  let command: String
  let time = Timestamp.now
  private let tags: [Tag]
  private let content: Content

  private enum Content {
    case nothing
    case text(String)
    case lines([MultilineMessage.Line], batch: String)
  }

  /// One line of text, or of tags alone.
  init(_ message: Message, by session: Session) {
    command = message.command
    content = message.command == "TAGMSG" ? .nothing : .text(message.parameters[1])
    let mayTag = session.capabilities.contains(.messageTags)
    tags = mayTag ? Tag.clientOnly(message.tags) : []
  }

  /// A message of several lines.
  ///
  /// - Parameter batch: its name for those who read it as one.
  init(_ message: MultilineMessage, batch: String) {
    command = message.command ?? "PRIVMSG"
    content = .lines(message.lines, batch: batch)
    tags = message.tags
  }

  var isTagMessage: Bool { command == "TAGMSG" }

  /// Whether there is no text in it.
  var isEmpty: Bool {
    switch content {
    case .nothing: true
    case .text(let text): text.isEmpty
    case .lines(let lines, _): lines.allSatisfy(\.text.isEmpty)
    }
  }

  /// Whether it asks a program for something (CTCP but ACTION).
  var isRequest: Bool {
    switch content {
    case .nothing: false
    case .text(let text): Ctcp.isRequest(text)
    case .lines(let lines, _): lines.contains { Ctcp.isRequest($0.text) }
    }
  }

  func event(to target: String, by author: Author) -> Event {
    Event(
      by: author, echo: .onRequest, variants: variants(target, author.source), clientTags: tags)
  }

  private func variants(_ target: String, _ source: String) -> [Event.Variant] {
    switch content {
    case .nothing:
      [Event.Variant(needs: .messageTags, line: line(source, target, nil))]
    case .text(let text):
      [Event.Variant(line: line(source, target, text))]
    case .lines(let lines, let batch):
      [whole(lines, batch, target, source), apart(lines, target, source)]
    }
  }

  private func line(_ source: String, _ target: String, _ text: String?) -> [UInt8] {
    var line = LineBuffer()
    line.append(source: source, command, [target], trailing: text)
    return line.bytes
  }

  /// As those read it who negotiated `draft/multiline`: a batch, whose beginning has the message's
  /// tags.
  private func whole(
    _ lines: [MultilineMessage.Line], _ batch: String, _ target: String, _ source: String
  ) -> Event.Variant {
    var start = LineBuffer()
    start.append(source: source, "BATCH", ["+\(batch)", "draft/multiline", target])
    var end = LineBuffer()
    end.append(source: source, "BATCH", ["-\(batch)"])
    let inner = lines.map { part in
      var bytes: [UInt8] = []
      let concat = part.isContinued ? [Tag("draft/multiline-concat")] : []
      Tag.append([Tag("batch", batch)] + concat, to: &bytes)
      return Event.Continuation.verbatim(bytes + line(source, target, part.text))
    }
    return Event.Variant(
      needs: .multiline, line: start.bytes, more: inner + [.verbatim(end.bytes)])
  }

  /// As all others read it: a line after the other, without the blank ones, of which the first has
  /// the message's id.
  private func apart(
    _ lines: [MultilineMessage.Line], _ target: String, _ source: String
  ) -> Event.Variant {
    let written = lines.filter { !$0.text.isEmpty }.map { line(source, target, $0.text) }
    return Event.Variant(
      line: written.first ?? [], more: written.dropFirst().map { .tagged($0) })
  }
}
