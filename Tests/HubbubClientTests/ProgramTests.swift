import IRCWire
import Testing

@testable import HubbubClient

/// Questions between programs (CTCP).
@Suite struct ProgramTests {
  private func heard(_ line: String, times: Int = 1, settings: String = "") throws -> [Effect] {
    let now = Timestamp(milliseconds: 1_795_383_780_000)
    var chat = Chat(
      nickname: "max", server: "srv", settings: Settings.parse(settings).settings, now: now)
    chat.linkUp(nickname: "max", capabilities: [], supported: [:], now: now)
    for _ in 0..<times { chat.receive(try Message(parsing: line), now: now) }
    return chat.takeEffects()
  }

  private func sent(_ effects: [Effect]) -> [Message] {
    effects.compactMap { if case .send(let message) = $0 { message } else { nil } }
  }

  @Test(arguments: [
    ("VERSION", "VERSION Hubbub"), ("PING 123 4", "PING 123 4"), ("TIME", nil), ("FINGER", nil),
  ])
  func harmlessQuestionsAreAnswered(question: String, answer: String?) throws {
    let effects = try heard(":ann!u@h PRIVMSG max :\u{1}\(question)\u{1}")
    #expect(sent(effects) == (answer.map { [Message("NOTICE", "ann", "\u{1}\($0)\u{1}")] } ?? []))
  }

  @Test func fewAreAnsweredAndNoneWhereThatIsSwitchedOff() throws {
    let line = ":ann!u@h PRIVMSG max :\u{1}VERSION\u{1}"
    #expect(sent(try heard(line, times: 20)).count == 1)
    #expect(sent(try heard(line, settings: "ctcp = no")).isEmpty)
  }

  @Test func anAnswerIsCalledOneAndIsNotAnswered() throws {
    let effects = try heard(":ann!u@h NOTICE max :\u{1}VERSION x\u{1}")
    #expect(sent(effects).isEmpty)
    let isSaid = effects.contains {
      if case .show(let line) = $0 { line.plain.contains("ann answers") } else { false }
    }
    #expect(isSaid)
  }
}
