import IRCWire
import Testing

@testable import HubbubServer

/// Events of several rooms between what belongs to one room or to one person.
@Suite struct CrossingTests {
  @Test("who changes its name and then joins reads it in this order, and so do the others")
  func renameThenJoin() throws {
    let server = try TestServer()
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    try ann.join("#a")
    try bob.join("#a")
    try bob.join("#b")
    _ = try ann.messagesUntilNow()
    try ann.send("NICK ann2", "JOIN #b", "PRIVMSG #b :here")
    let own = try ann.read { $0.command == "366" }.filter {
      $0.source?.name.hasPrefix("ann") == true
    }
    #expect(own.commands == ["NICK", "JOIN"])
    let seen = try bob.read { $0.command == "PRIVMSG" }
    #expect(seen.commands.suffix(3) == ["NICK", "JOIN", "PRIVMSG"])
    #expect(seen.suffix(2).allSatisfy { $0.source?.name == "ann2" })
  }

  @Test("who leaves a room and then changes its name is seen to leave under the old one")
  func partThenRename() throws {
    let server = try TestServer()
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    for client in [ann, bob] {
      try client.join("#a")
      try client.join("#b")
    }
    _ = try bob.messagesUntilNow()
    try ann.send("PART #b", "NICK ann2", "PRIVMSG #a :x")
    let seen = try bob.read { $0.command == "PRIVMSG" }
    #expect(seen.commands == ["PART", "NICK", "PRIVMSG"])
    #expect(seen.compactMap { $0.source?.name } == ["ann", "ann", "ann2"])
  }

  @Test("a NICK in one room moves nothing in another: messages to its operators keep their place")
  func statusMessage() throws {
    let server = try TestServer()
    let both = try server.client("both")
    let one = try server.client("one")
    let speaker = try server.client("speaker")
    try both.join("#a")
    try both.join("#b")
    try one.join("#b")
    try both.send("MODE #b +o one", "MODE #b -n")
    try one.expect("MODE")
    try speaker.join("#a")
    for client in [both, one] { _ = try client.messagesUntilNow() }
    try speaker.send("NICK speaker2", "PRIVMSG @#b :first", "PRIVMSG #b :second")
    let seen = try both.read { $0.parameters.last == "second" }
    #expect(seen.commands == ["NICK", "PRIVMSG", "PRIVMSG"])
    #expect(seen.texts == ["first", "second"])
    #expect(try one.read { $0.parameters.last == "second" }.texts.suffix(2) == ["first", "second"])
  }
}
