import IRCWire

/// What programs ask each other (CTCP).
extension Chat {
  /// No more than one question in this time is answered: an answer must not become a flood.
  private static let programAnswerPause: Int64 = 2000

  /// The commands that ask programs.
  mutating func runPrograms(_ name: CommandName, _ words: inout Words) {
    switch name {
    case .ping:
      guard let nickname = words.next() else {
        if link == .up { ping(isAsked: true) } else { fail("Not connected.") }
        return
      }
      ask(nickname, "PING \(now.milliseconds)")
    case .version:
      if let nickname = words.next() { ask(nickname, "VERSION") } else { send("VERSION") }
    default:
      let nickname = words.next()!
      let question = words.next()!.uppercased()
      if question == "PING", words.isEmpty { return ask(nickname, "PING \(now.milliseconds)") }
      ask(nickname, words.text.map { "\(question) \($0)" } ?? question)
    }
  }

  private mutating func ask(_ nickname: String, _ question: String) {
    let question = OutgoingText.clean(question)
    guard send("PRIVMSG", nickname, "\u{1}\(question)\u{1}") else { return }
    let kind = question.prefix { $0 != " " }
    inform("Asked \(SafeText.clean(nickname))'s program (CTCP \(kind)).")
  }

  /// A question of a program, which is answered where it is harmless, or the answer to one.
  mutating func heardProgram(_ text: String, _ source: Source, isReply: Bool) {
    let words = text.filter { $0 != "\u{1}" }
    let who = SafeText.clean(source.name)
    if isReply { return heardAnswer(words, from: who) }
    // The echo of one's own question.
    if isMe(source.name) { return }
    inform("\(who) sent a program's question (CTCP): \(words)")
    guard settings.answersPrograms, let answer = Self.answer(to: words),
      now.milliseconds - lastProgramAnswer.milliseconds >= Self.programAnswerPause
    else { return }
    lastProgramAnswer = now
    send("NOTICE", source.name, "\u{1}\(answer)\u{1}")
  }

  private mutating func heardAnswer(_ text: String, from who: String) {
    var words = Words(text)
    if words.next()?.uppercased() == "PING", let sent = Int64(words.rest), sent <= now.milliseconds,
      now.milliseconds - sent < 600_000
    {
      return inform("To \(who) and back: \(now.milliseconds - sent) ms.")
    }
    inform("\(who) answers a program's question (CTCP): \(text)")
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
