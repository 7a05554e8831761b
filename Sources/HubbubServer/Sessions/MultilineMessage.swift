import HubbubRooms
import IRCWire

/// A message of several lines that is coming in (IRCv3 draft/multiline). A value of its session's.
struct MultilineMessage {
  /// The client's name for the batch.
  let reference: String
  let target: String

  /// The client-only tags of the batch.
  let tags: [Tag]

  /// The label of the command that began it: the answer to the whole carries it.
  let label: String?

  /// Of all its lines.
  var verb: Speech.Verb { command.flatMap(Speech.Verb.init) ?? .message }
  private var command: String?
  private(set) var lines: [Speech.Line] = []
  private var bytes = 0

  /// Why a line cannot be a part of the message, as a standard reply says it.
  enum Refusal: Error {
    case invalid(String)

    /// Said to somebody else than the batch.
    case otherTarget(String)
    case tooManyBytes
    case tooManyLines
  }

  init(reference: String, target: String, tags: [Tag], label: String?) {
    self.reference = reference
    self.target = target
    self.tags = tags
    self.label = label
  }

  /// Whether there is anything in it but blank lines.
  var hasText: Bool { lines.contains { !$0.text.isEmpty } }

  mutating func append(_ message: Message, _ limits: Limits) throws(Refusal) {
    guard message.command == "PRIVMSG" || message.command == "NOTICE" else {
      throw .invalid("Only PRIVMSG and NOTICE are allowed in this batch")
    }
    guard command == nil || command == message.command else {
      throw .invalid("All lines must be of one kind")
    }
    guard message.parameters.count > 1 else { throw .invalid("A line needs a target and a text") }
    guard FoldedName(message.parameters[0]) == FoldedName(target) else {
      throw .otherTarget(message.parameters[0])
    }
    let isContinued = message.tag("draft/multiline-concat") != nil
    let text = message.parameters[1]
    // "Clients MUST NOT send blank lines with the draft/multiline-concat tag."
    if isContinued, text.isEmpty { throw .invalid("A blank line cannot be continued") }
    command = message.command
    lines.append(Speech.Line(text: text, isContinued: isContinued))
    bytes += text.utf8.count + (isContinued || lines.count == 1 ? 0 : 1)
    if lines.count > limits.multilineLines { throw .tooManyLines }
    if bytes > limits.multilineBytes { throw .tooManyBytes }
  }
}
