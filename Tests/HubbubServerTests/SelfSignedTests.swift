import Foundation
import HubbubDial
import HubbubSockets
import TestSupport
import Testing

/// `hubbub serve --self-signed`, as people start it.
@Suite struct SelfSignedTests {
  /// Starts a server, and joins it with what it printed.
  ///
  /// - Returns: the fingerprint that it printed.
  private func serveAndJoin(in directory: String) throws -> String {
    let server = try ServerProcess("--listen-tls", "127.0.0.1:0", "--self-signed-in", directory)
    let line = try #require(server.printedLine(containing: "hubbub join"))
    let words = line.split(separator: " ").map(String.init)
    let join = try #require(words.firstIndex(of: "join"))
    #expect(words[(join + 2)...].dropLast() == ["--tls", "--pin"])
    let pin = try #require(words.last)
    let endpoint = try #require(Endpoint(words[join + 1]))
    let context = try TLSContext(client: .pin(Fingerprint(pin)))
    let connection = try LineConnection.open(endpoint, tls: context)
    _ = try Registration(nickname: "ann").perform(on: connection)
    connection.shutDown()
    #expect(server.stop() == 0)
    return pin
  }

  @Test("it prints the line to join with, and the same certificate is there at the next start")
  func printedLine() throws {
    let directory = TemporaryDirectory()
    let folder = "\(directory.path)/kept"
    #expect(try serveAndJoin(in: folder) == serveAndJoin(in: folder))
  }
}
