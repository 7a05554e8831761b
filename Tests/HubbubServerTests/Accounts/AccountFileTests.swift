import Foundation
import HubbubSockets
import Testing

@testable import HubbubServer

/// The file of the accounts, as a server is started with it.
@Suite struct AccountFileTests {
  @Test("without a folder there are no accounts, and nothing claims that there are")
  func none() throws {
    let server = try TestServer()
    let ann = try server.connect()
    let offered = try ann.offered().joined(separator: " ")
    #expect(!offered.contains("sasl") && !offered.contains("account-registration"))
    #expect(try ann.ask("CAP REQ :sasl").first?.parameters[1] == "NAK")
    #expect(try ann.ask("AUTHENTICATE PLAIN").commands == ["421"])
    #expect(try ann.ask("REGISTER * * password").commands == ["421"])
  }

  @Test("what was registered is there after a restart")
  func restart() throws {
    let folder = try TemporaryFolder()
    let first = try AccountServer(in: folder)
    try first.makeAccount("ann")
    first.server.stop()
    let second = try AccountServer(in: folder)
    let ann = try second.loggedIn("ann")
    #expect(
      try ann.ask("WHOIS ann").first("330")?.parameters == ["ann", "ann", "ann", "is logged in as"])
  }

  @Test("the folder is made, and what is in it is its user's alone")
  func permissions() throws {
    let folder = try TemporaryFolder()
    let server = try AccountServer { $0.state = folder.path(of: "new/state") }
    server.server.stop()
    for name in ["new/state", "new/state/accounts.db"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.path(of: name))
      #expect((attributes[.posixPermissions] as? Int ?? 0) & 0o077 == 0)
    }
  }

  @Test("two servers never have one file: the second says whose it is")
  func twoServers() throws {
    let first = try AccountServer()
    let error = #expect(throws: SettingsError.self) { try AccountServer(in: first.folder) }
    #expect("\(try #require(error))".contains("is another running server's"))
    first.server.stop()
    _ = try AccountServer(in: first.folder)
  }

  @Test(
    "where nobody named the folder and another server has it, there are no accounts, in a warning")
  func usualFolder() throws {
    let first = try AccountServer()
    let second = try AccountServer(in: first.folder) { $0.isStateUsual = true }
    #expect(second.server.log.waitForLine(containing: "warning no accounts") != nil)
    #expect(try second.server.client("ann").ask("REGISTER * * password").commands == ["421"])
  }

  @Test("a file that is corrupt ends the start in one sentence, also in the usual folder")
  func corrupt() throws {
    let folder = try TemporaryFolder()
    try folder.write("accounts.db", String(repeating: "This is no database. ", count: 100))
    let error = #expect(throws: SettingsError.self) {
      try AccountServer(in: folder) { $0.isStateUsual = true }
    }
    let text = "\(try #require(error))"
    #expect(text.contains("accounts.db is corrupt"))
    #expect(text.split(separator: "\n").count == 1)
  }

  @Test("'hubbub serve --state' keeps them there, and says so")
  func flag() throws {
    let folder = try TemporaryFolder()
    let server = try ServerProcess("--state", folder.path(of: "kept"))
    let ann = try server.client("ann")
    try ann.send("REGISTER * * :correct horse")
    #expect(try ann.expect("REGISTER").parameters.first == "SUCCESS")
    #expect(server.log.waitForLine(containing: "accounts file=\(folder.path(of: "kept"))") != nil)
    #expect(server.stop() == 0)
    #expect(FileManager.default.fileExists(atPath: folder.path(of: "kept/accounts.db")))
  }
}
