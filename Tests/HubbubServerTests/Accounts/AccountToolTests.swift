import Foundation
import HubbubDial
import IRCWire
import Testing

@testable import HubbubServer

/// `hubbub accounts`, offline.
@Suite struct AccountToolTests {
  private static func administration(_ folder: TemporaryFolder) throws -> AccountAdministration {
    var settings = ServerSettings()
    settings.configuration.state = folder.path
    return try AccountAdministration(settings)
  }

  @Test("what is done offline holds when the server runs, and stands in the audit log")
  func offline() throws {
    let folder = try TemporaryFolder()
    let tool = try Self.administration(folder)
    _ = try tool.add("ann", password: "correct horse")
    #expect(throws: AccountAdministration.Failure.self) {
      try tool.add("ANN", password: "correct horse")
    }
    _ = try tool.add("bob", password: "correct horse")
    try tool.suspend("bob", true)
    let code = try tool.reset("ann")
    #expect(tool.list().map(\.name) == ["ann", "bob"])
    #expect(tool.list().map(\.suspended) == [false, true])
    #expect(try tool.log(2).map(\.action) == ["reset", "set"])
    tool.close()
    let server = try AccountServer(in: folder)
    let guest = try server.server.client("guest")
    #expect(try guest.ask("ACCOUNT RECOVER ann \(code) newpassword").first("900") != nil)
    #expect(throws: Registration.Failure.self) { try server.loggedIn("bob") }
  }

  @Test("'hubbub accounts' prints what there is, and refuses while a server has the file")
  func program() throws {
    let folder = try TemporaryFolder()
    let server = try ServerProcess("--state", folder.path)
    let refused = try Tool.run("accounts", "list", "--state", folder.path)
    #expect(refused.exitCode == 1)
    #expect(refused.errors.contains("another running server's"))
    let ann = try server.client("ann")
    try ann.send("REGISTER * * :correct horse")
    try ann.expect("900")
    #expect(server.stop() == 0)
    let listed = try Tool.run("accounts", "--state", folder.path, "--json")
    #expect(listed.exitCode == 0)
    #expect(listed.output.contains("\"name\" : \"ann\""))
  }
}
