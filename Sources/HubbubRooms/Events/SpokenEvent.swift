import HubbubLog
import IRCWire

/// What somebody says to a room or a person, as of the place where it stands: with the names that
/// both have there.
struct SpokenEvent: RoomEvent {
  let author: MemberID
  let echo: Echo
  private var tags: EventTags

  /// `nickname!user@host`
  private let source: String

  /// The room or the nickname, with the prefix of a status before it.
  private let target: String

  /// What is said; several things that one says in one place differ in nothing else.
  var speech: Speech {
    didSet { tags.client = speech.tags }
  }

  init(_ speech: Speech, from source: String, to target: String, by author: Author) {
    self.init(
      speech, from: source, to: target, by: author.session.id,
      EventTags(client: speech.tags, account: author.account, isBot: author.isBot))
  }

  init(
    _ speech: Speech, from source: String, to target: String, by author: MemberID,
    _ tags: EventTags
  ) {
    self.author = author
    echo = .onRequest
    self.tags = tags
    self.source = source
    self.target = target
    self.speech = speech
  }

  private init(_ event: SpokenEvent, echo: Echo) {
    author = event.author
    self.echo = echo
    tags = event.tags
    source = event.source
    target = event.target
    speech = event.speech
  }

  /// The same that its author does not read.
  var silent: SpokenEvent { SpokenEvent(self, echo: .never) }

  var decisive: Capability {
    switch speech.content {
    case .nothing, .text: tags.decisive.union(.forms)
    case .lines: tags.decisive.union([.forms, .multiline])
    }
  }

  func append(to bytes: inout [UInt8], as rendition: Rendition, _ place: EventPlace) {
    let understood = rendition.capabilities
    if rendition.isText { return appendText(to: &bytes) }
    switch speech.content {
    case .nothing:
      guard understood.contains(.messageTags) else { return }
      tags.append(to: &bytes, understood, place, isFirst: true)
      appendHead(to: &bytes)
      Self.appendEnd(to: &bytes)
    case .text(let text):
      tags.append(to: &bytes, understood, place, isFirst: true)
      appendLine(text.bytes, to: &bytes)
    case .lines(let lines, let batch) where understood.contains(.multiline):
      appendWhole(lines, batch, to: &bytes, understood, place)
    case .lines(let lines, _):
      appendApart(lines, to: &bytes, understood, place)
    }
  }

  /// As those read it who negotiated `draft/multiline`: a batch, whose beginning has the message's
  /// tags.
  private func appendWhole(
    _ lines: [Speech.Line], _ batch: String, to bytes: inout [UInt8], _ understood: Capability,
    _ place: EventPlace
  ) {
    tags.append(to: &bytes, understood, place, isFirst: true)
    appendBatch("+\(batch)", ["draft/multiline", target], to: &bytes)
    for line in lines {
      let concat = line.isContinued ? [Tag("draft/multiline-concat")] : []
      Tag.append([Tag("batch", batch)] + concat, to: &bytes)
      appendLine(line.text, to: &bytes)
    }
    appendBatch("-\(batch)", [], to: &bytes)
  }

  private func appendBatch(_ reference: String, _ rest: [String], to bytes: inout [UInt8]) {
    var line = LineBuffer()
    line.append(source: source, "BATCH", [reference] + rest)
    bytes.append(contentsOf: line.bytes)
  }

  /// As all others read it: a line after the other, without the blank ones, of which the first has
  /// the message's id.
  private func appendApart(
    _ lines: [Speech.Line], to bytes: inout [UInt8], _ understood: Capability,
    _ place: EventPlace
  ) {
    var isFirst = true
    for line in lines where !line.text.isEmpty {
      tags.append(to: &bytes, understood, place, isFirst: isFirst)
      appendLine(line.text, to: &bytes)
      isFirst = false
    }
  }

  /// As people with a bare terminal read it.
  private func appendText(to bytes: inout [UInt8]) {
    var lines: [UInt8] = []
    switch speech.content {
    case .nothing: return
    case .text(let text): appendLine(text.bytes, to: &lines)
    case .lines(let parts, _):
      for part in parts where !part.text.isEmpty { appendLine(part.text, to: &lines) }
    }
    Rendition.appendText(of: lines, to: &bytes)
  }

  private func appendLine(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    text.withUTF8 { appendLine(UnsafeRawBufferPointer($0), to: &bytes) }
  }

  /// Appends `:source PRIVMSG target :text`. One that would pass the limit is cut at a character's
  /// boundary.
  private func appendLine(_ text: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
    let start = bytes.count
    appendHead(to: &bytes)
    bytes.append(UInt8(ascii: " "))
    bytes.append(UInt8(ascii: ":"))
    bytes.append(contentsOf: text)
    LineBuffer.cut(&bytes, from: start)
    Self.appendEnd(to: &bytes)
  }

  /// `:source PRIVMSG target`
  private func appendHead(to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: ":"))
    bytes.append(contentsOf: source.utf8)
    bytes.append(UInt8(ascii: " "))
    bytes.append(contentsOf: speech.verb.rawValue.utf8)
    bytes.append(UInt8(ascii: " "))
    bytes.append(contentsOf: target.utf8)
  }

  private static func appendEnd(to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\r"))
    bytes.append(UInt8(ascii: "\n"))
  }
}
