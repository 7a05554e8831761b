import Testing

@testable import IRCWire

@Suite("Source")
struct SourceTests {
  // "source ::= <servername> / ( <nickname> [ "!" <user> ] [ "@" <host> ] )" (Modern IRC, "Source").
  @Test(
    "a source is taken apart and put together again",
    arguments: [
      ("irc.example.com", Source(name: "irc.example.com")),
      ("dan!d@localhost", Source(name: "dan", user: "d", host: "localhost")),
      ("dan!d", Source(name: "dan", user: "d")),
      ("dan@localhost", Source(name: "dan", host: "localhost")),
      ("dan!@", Source(name: "dan", user: "", host: "")),
      ("!d@h", Source(name: "", user: "d", host: "h")),
      ("dan!~d@2001:db8::1", Source(name: "dan", user: "~d", host: "2001:db8::1")),
      ("dan@h!x", Source(name: "dan", host: "h!x")),
      ("dan!a!b@c@d", Source(name: "dan", user: "a!b", host: "c@d")),
      ("é!ü@ö", Source(name: "é", user: "ü", host: "ö")),
      ("", Source(name: "")),
    ])
  func parts(text: String, source: Source) {
    #expect(Source(text) == source)
    #expect(source.description == text)
  }
}
