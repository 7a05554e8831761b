import IRCWire
import Testing

@testable import HubbubClient

@Suite struct IgnoreMaskTests {
  @Test(
    "whom a person ignores",
    arguments: [
      ("ann", "Ann!~u@h", true), ("ann", "annabel!u@h", false), ("u@h", "ann!~u@h", true),
      ("192.0.2.0/24", "ann!u@192.0.2.9", true), ("192.0.2.0/24", "ann!u@192.0.3.9", false),
      ("::1", "ann!u@0::1", true), ("*.spam.example", "ann!u@a.spam.example", true),
      // Names that other servers have.
      ("Zoë", "Zoë!u@h", true), ("1up", "1up!u@h", true), ("*!*@staff.é", "ann!u@staff.é", true),
      ("ann", "ann", true),
    ])
  func matching(mask: String, source: String, isIgnored: Bool) throws {
    #expect(try IgnoreMask(mask).matches(Source(source)) == isIgnored)
  }

  @Test("a network that is none is refused in words", arguments: ["300.1.1.1/8", "u@1.2.3.4/33"])
  func refused(mask: String) {
    var chat = Chat(nickname: "max", server: "srv", now: Timestamp(milliseconds: 0))
    chat.typed("/ignore \(mask)", now: Timestamp(milliseconds: 0))
    #expect(chat.settings.ignored.isEmpty)
    #expect(throws: MaskFault.self) { try IgnoreMask(mask) }
  }
}
