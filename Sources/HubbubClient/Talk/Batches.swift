import IRCWire

/// Messages that belong together (IRCv3 batch): they are kept until their batch ends.
struct Batches {
  /// One that has ended, or is open.
  struct Batch {
    var type: String
    var parameters: [String]

    /// Of the line that began it: its own batch, its label, its time.
    var tags: [Tag]
    var messages: [Message] = []

    /// A message of several lines as one, with a newline between them (draft/multiline).
    var joined: Message? {
      guard var message = messages.first, message.parameters.count >= 2 else { return nil }
      var text = ""
      for (index, line) in messages.enumerated() {
        let isContinued = line.tag("draft/multiline-concat") != nil
        text += (index == 0 || isContinued ? "" : "\n") + (line.parameters.last ?? "")
      }
      message.parameters = [parameters.first ?? message.parameters[0], text]
      let own = message.tags.filter { $0.key != "batch" && $0.key != "draft/multiline-concat" }
      message.tags = own + tags
      return message
    }
  }

  /// What becomes of a message.
  enum Outcome {
    case kept
    case passed(Message)
    case ended(Batch)
  }

  /// More than these at once, or in one, are no server's that means well; what is on top is heard
  /// as if it came alone, so that nothing is lost.
  private static let openLimit = 100
  private static let messageLimit = 5000

  /// And in all of them together.
  private static let keptLimit = 10_000

  private var open: [String: Batch] = [:]

  /// How many messages are in the open ones.
  private var kept = 0

  mutating func take(_ message: Message) -> Outcome {
    if message.command == "BATCH", let reference = message.parameters.first {
      let name = String(reference.dropFirst())
      guard reference.hasPrefix("+") else {
        guard let batch = open.removeValue(forKey: name) else { return .kept }
        kept -= batch.messages.count
        return .ended(batch)
      }
      guard open.count < Self.openLimit, message.parameters.count > 1, open[name] == nil else {
        return .kept
      }
      open[name] = Batch(
        type: message.parameters[1], parameters: Array(message.parameters.dropFirst(2)),
        tags: message.tags)
      return .kept
    }
    guard let name = message.tag("batch"), let batch = open[name],
      batch.messages.count < Self.messageLimit, kept < Self.keptLimit
    else { return .passed(message) }
    open[name]!.messages.append(message)
    kept += 1
    return .kept
  }

  /// The connection is gone, and with it the ends of all that are open.
  mutating func forget() { (open, kept) = ([:], 0) }
}
