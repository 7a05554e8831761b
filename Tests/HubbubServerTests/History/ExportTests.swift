import HubbubDial
import IRCWire
import Testing

@testable import HubbubServer

/// What is remembered leaves as JSON, and by its founder's wish for good.
@Suite struct ExportTests {
  private func server(in folder: TemporaryFolder) throws -> AccountServer {
    try AccountServer(in: folder) { $0.history.isEnabled = true }
  }

  private func settings(_ folder: TemporaryFolder) -> ServerSettings {
    var settings = ServerSettings()
    settings.configuration.state = folder.path
    return settings
  }

  @Test("a room, and what an account said anywhere, are written line by line while the server runs")
  func export() throws {
    let folder = try TemporaryFolder()
    let server = try server(in: folder)
    let ann = try server.registered("ann", capabilities: RememberingServer.capabilities)
    let bob = try server.registered("bob", capabilities: RememberingServer.capabilities)
    for client in [ann, bob] { try client.join("#r") }
    let id = try #require(
      ann.ask(#"PRIVMSG #r :a "quoted" word"#).last { $0.command == "PRIVMSG" }?.tag("msgid"))
    _ = try bob.ask("PRIVMSG #r :two")
    _ = try ann.ask("PRIVMSG bob :in private")
    // All of it is stored once a page shows it.
    #expect(try ann.page("LATEST bob * 1").texts == ["in private"])
    let history = try HistoryAdministration(settings(folder))
    var lines: [String] = []
    #expect(try history.export(room: "#R") { lines.append($0) } == 2)
    #expect(lines[0].contains(#""msgid":"\#(id)""#))
    #expect(lines[0].contains(#""account":"ann","text":"a \"quoted\" word""#))
    lines = []
    #expect(try history.export(account: "ANN") { lines.append($0) } == 2)
    #expect(lines.last?.contains(#""target":"ann,bob""#) == true)
    #expect(throws: HistoryAdministration.Failure.self) { try history.export(room: "#x") { _ in } }
    #expect(throws: HistoryAdministration.Failure.self) {
      try history.export(account: "nobody") { _ in }
    }
  }

  @Test("a founder has deleted what was said so far, and nobody else")
  func clear() throws {
    let server = try server(in: TemporaryFolder())
    let ann = try server.registered("ann", capabilities: RememberingServer.capabilities)
    let bob = try server.registered("bob", capabilities: RememberingServer.capabilities)
    try ann.join("#r")
    _ = try ann.ask("ROOM REGISTER #r")
    try bob.join("#r")
    _ = try (ann.messagesUntilNow(), bob.messagesUntilNow())
    _ = try ann.ask("PRIVMSG #r :one")
    #expect(try bob.ask("HISTORY CLEAR #r").codes == ["NOT_ALLOWED"])
    #expect(try bob.page("LATEST #r * 9").texts == ["one"])
    #expect(try ann.ask("HISTORY CLEAR #r").codes == ["CLEARED"])
    while try !ann.page("LATEST #r * 9").isEmpty {}
    _ = try ann.ask("PRIVMSG #r :two")
    #expect(try ann.page("LATEST #r * 9").texts == ["two"])
    #expect(try ann.ask("HISTORY FORGET #r").codes == ["UNKNOWN_COMMAND"])
  }
}
