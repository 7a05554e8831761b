import IRCWire

/// What programs ask each other (CTCP).
extension Chat {
  /// No more than one question in this time is answered: an answer must not become a flood.
  private static let programAnswerPause: Int64 = 2000

  /// A question of a program, which is answered where it is harmless, or the answer to one.
  mutating func heardProgram(_ text: String, _ source: Source, isReply: Bool) {
    let words = text.filter { $0 != "\u{1}" }
    let who = SafeText.clean(source.name)
    if isReply { return inform("\(who) answers a program's question (CTCP): \(words)") }
    inform("\(who) sent a program's question (CTCP): \(words)")
    guard settings.answersPrograms, !isMe(source.name), let answer = Self.answer(to: words),
      now.milliseconds - lastProgramAnswer.milliseconds >= Self.programAnswerPause
    else { return }
    lastProgramAnswer = now
    send("NOTICE", source.name, "\u{1}\(answer)\u{1}")
  }

  /// nil for what is nobody's business.
  private static func answer(to question: String) -> String? {
    var words = Words(question)
    switch words.next()?.uppercased() {
    case "VERSION": return "VERSION Hubbub"
    case "PING": return "PING " + OutgoingText.clean(String(words.rest.prefix(100)))
    default: return nil
    }
  }
}
