import HubbubRooms
import IRCWire

/// Messages of several lines: BATCH (IRCv3 draft/multiline).
let batchCommands: [String: Command] = [
  "BATCH": Command(
    .registered, parameters: 1, usage: "+<reference> draft/multiline <target> | -<reference>"
  ) { $0.batch($1) }
]

extension Session {
  /// `BATCH +<reference> draft/multiline <target>` or `BATCH -<reference>`
  fileprivate func batch(_ message: Message) {
    let reference = String(message.parameters[0].dropFirst())
    switch message.parameters[0].first {
    case "+": beginBatch(reference, message)
    case "-" where failedBatches.contains(reference): failedBatches.removeAll { $0 == reference }
    case "-": endBatch(reference)
    default: failBatch("INVALID_REFTAG", trailing: "A reference begins with + or -")
    }
  }

  private func beginBatch(_ reference: String, _ message: Message) {
    guard message.parameters.count > 2, message.parameters[1] == "draft/multiline",
      capabilities.isSuperset(of: [.multiline, .batch, .messageTags])
    else {
      rememberFailed(reference)
      return failBatch("UNKNOWN_TYPE", trailing: "Only draft/multiline, where negotiated")
    }
    if let open = multiline {
      multiline = nil
      rememberFailed(open.reference)
      rememberFailed(reference)
      return failBatch("MULTILINE_INVALID", trailing: "A batch is open already")
    }
    failedBatches.removeAll { $0 == reference }
    multiline = MultilineMessage(
      reference: reference, target: message.parameters[2],
      tags: Tag.clientOnly(message.tags), label: passOnLabel())
  }

  private func endBatch(_ reference: String) {
    guard let whole = multiline, whole.reference == reference else {
      if let open = multiline { rememberFailed(open.reference) }
      multiline = nil
      return failBatch("INVALID_REFTAG", trailing: "No such batch is open")
    }
    multiline = nil
    if let label = whole.label { takeOver(label: label) }
    guard whole.hasText else {
      return failBatch("MULTILINE_INVALID", trailing: "There is no text in it")
    }
    let speech = Speech(
      whole.verb, .lines(whole.lines, batch: hub.batchReference()), tags: whole.tags)
    say(speech, to: whole.target, answersErrors: whole.verb == .message)
  }

  /// Takes a line that belongs to a batch.
  ///
  /// - Returns: whether it is one.
  func consumeLineOfBatch(_ message: Message) -> Bool {
    let reference = message.tag("batch")
    guard var whole = multiline else { return isStray(reference) }
    do throws(MultilineMessage.Refusal) {
      guard reference == whole.reference else { throw .invalid("The line is not of the batch") }
      try whole.append(message, hub.limits)
      multiline = whole
    } catch {
      multiline = nil
      rememberFailed(whole.reference)
      if let label = whole.label { takeOver(label: label) }
      fail(error, whole.target)
    }
    return true
  }

  /// Whether a line is of a batch that is not open. What comes of a refused one is passed over; to
  /// who has not negotiated batches of lines, the tag means nothing.
  private func isStray(_ reference: String?) -> Bool {
    guard let reference, !failedBatches.contains(reference) else { return reference != nil }
    guard capabilities.contains(.multiline) else { return false }
    failBatch("MULTILINE_INVALID", trailing: "No such batch is open")
    return true
  }

  /// What still comes of it is passed over. Nobody has many at once.
  private func rememberFailed(_ reference: String) {
    failedBatches = failedBatches.suffix(3) + [reference]
  }

  private func fail(_ refusal: MultilineMessage.Refusal, _ target: String) {
    switch refusal {
    case .invalid(let reason): failBatch("MULTILINE_INVALID", trailing: reason)
    case .otherTarget(let other):
      failBatch(
        "MULTILINE_INVALID_TARGET", [safe(target), safe(other)],
        trailing: "All lines must be for the target of the batch")
    case .tooManyBytes:
      failBatch(
        "MULTILINE_MAX_BYTES", ["\(hub.limits.multilineBytes)"],
        trailing: "The message has too many bytes")
    case .tooManyLines:
      failBatch(
        "MULTILINE_MAX_LINES", ["\(hub.limits.multilineLines)"],
        trailing: "The message has too many lines")
    }
  }

  private func failBatch(_ code: String, _ context: [String] = [], trailing: String) {
    reply("FAIL", ["BATCH", code] + context, trailing: trailing)
  }
}
