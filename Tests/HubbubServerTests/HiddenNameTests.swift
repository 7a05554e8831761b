import IRCWire
import Testing

@testable import HubbubServer

/// Names that hide a part of themselves from the eye.
@Suite struct HiddenNameTests {
  private static let hidden = [
    "\u{200B}", "\u{200C}", "\u{202E}", "\u{A0}", "\u{FEFF}", "\u{85}", "\u{2028}", "\u{AD}",
    "\u{2800}", "\u{3164}", "\u{FE0F}", "\u{E0041}", "\u{180E}", "\u{2066}",
  ]

  @Test(
    "no room opens beside another by characters that show nothing, nor is one renamed so",
    arguments: hidden)
  func rooms(character: String) throws {
    let server = try TestServer()
    let ann = try server.client("ann", capabilities: ["draft/channel-rename"])
    try ann.join("#lobby9")
    #expect(try ann.ask("JOIN #lobby9\(character)").commands == ["476"])
    #expect(try ann.ask("JOIN #lob\(character)by9").commands == ["476"])
    #expect(try ann.ask("RENAME #lobby9 #lobby9\(character)").commands == ["FAIL"])
  }

  @Test("no name in the settings has them either", arguments: hidden)
  func settings(character: String) {
    for text in [
      "rooms: [{name: '#tea\(character)'}]", "lobby: '#tea\(character)'",
      "network: Te\(character)a", "server-name: a\(character).example",
      "operators: [{name: 'ann\(character)', password: '\(SettingsTests.hash)'}]",
      "classes: [{name: 'slow\(character)'}]",
    ] {
      #expect(throws: SettingsError.self) { try SettingsFile.parse(text, file: "hubbub.yaml") }
    }
  }

  @Test("a topic and a message may have all of it")
  func texts() throws {
    let server = try TestServer()
    let (ann, bob) = (try server.client("ann"), try server.client("bob"))
    try ann.join("#r")
    try bob.join("#r")
    _ = try ann.messagesUntilNow()
    let text = "1\u{A0}000 \u{200F}\u{5D0}\u{200D}x\u{FE0F}"
    _ = try ann.ask("PRIVMSG #r :\(text)")
    _ = try ann.ask("TOPIC #r :\(text)")
    #expect(try bob.messagesUntilNow().map(\.parameters.last) == [text, text])
  }
}
