import Testing

@testable import IRCWire

@Suite("FoldedName")
struct FoldedNameTests {
  // "`ascii`: Defines the characters a to z to be considered the lower-case equivalents of the characters A to
  // Z only." (Modern IRC, "CASEMAPPING Parameter"). A1.
  @Test(
    "names are the same when their bytes are, but for the case of ASCII letters",
    arguments: [
      ("Dan", "dan", true),
      ("#Lobby", "#lOBBY", true),
      ("", "", true),
      ("É1", "É1", true),
      ("az", "AZ", true),
      ("@[", "`{", false),
      ("[]\\^", "{}|~", false),
      ("dan", "dan_", false),
      ("\u{C9}", "\u{E9}", false),
      // The same for a String, not on the wire: composed and decomposed, and the sign of kelvin.
      ("\u{E9}", "e\u{301}", false),
      ("\u{212A}", "K", false),
    ])
  func equality(left: String, right: String, areSame: Bool) {
    #expect((FoldedName(left) == FoldedName(right)) == areSame)
    #expect(Set([FoldedName(left), FoldedName(right)]).count == (areSame ? 1 : 2))
  }
}
