import Foundation
import HubbubDial
import IRCWire
import Testing

@testable import HubbubServer

/// Accounts and rooms of other servers.
@Suite struct ImportTests {

  @Test("accounts come with what can be used of them, rooms with what they are like, each once")
  func imports() throws {
    let folder = try TemporaryFolder()
    let hash = try PasswordHash.make("secret password")
    let file = "\(folder.path)/export.json"
    try """
    {"version": 1, "source": "anope", "users": {
     "ann": {"name": "Ann", "hash": "\(hash)", "registeredAt": 1500000000,
       "additionalNicks": ["annie"], "email": "ann@example.org"},
     "bob": {"name": "bob", "hash": "md5:abcdef"},
     "b!d": {"name": "b!d", "hash": ""}},
     "channels": {"#tea": {"name": "#Tea", "founder": "ann", "topic": "leaves", "topicSetBy": "ann",
       "topicSetAt": 1500000001, "modes": "mntP", "key": "pot", "amode": {"bob": "o"}},
      "#lost": {"name": "#lost", "founder": "nobody"}}}
    """.write(toFile: file, atomically: true, encoding: .utf8)
    var settings = ServerSettings()
    settings.configuration.state = folder.path
    var accounts = try AccountAdministration(settings)
    let first = try accounts.importAll(from: file)
    #expect((first.accounts, first.rooms) == (2, 1))
    #expect(first.withoutPassword == ["bob"])
    #expect(first.passedOver.count == 2)
    #expect(try accounts.importAll(from: file).accounts == 0)
    accounts.close()
    let server = try AccountServer(in: folder)
    let ann = try server.loggedIn("annie", as: "ann", password: "secret password")
    #expect(try ann.ask("JOIN #tea pot").first("332")?.parameters.last == "leaves")
    let modes = try ann.ask("MODE #tea").first("324")?.parameters[2] ?? ""
    #expect(Set(modes) == Set("+kmnrt"))
    let access = try ann.ask("ROOM ACCESS #tea LIST").compactMap(\.parameters.last)
    #expect(access.contains("bob: op"))
    server.server.stop()
    accounts = try AccountAdministration(settings)
    #expect(throws: AccountAdministration.Failure.self) {
      try accounts.importAll(from: "\(folder.path)/accounts.db")
    }
    accounts.close()
  }
}
