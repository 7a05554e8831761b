import Glibc
import Testing

@testable import HubbubClient

/// The client without a terminal.
@Suite(.serialized) struct ScriptTests {
  @Test func itSaysItsInputAndLeaves() throws {
    let server = try ScriptedServer()
    defer { server.stop() }
    let result = try run(
      ["join", server.address, "--room", "#x", "--send"], input: "one\n\ntwo words\nlast")
    #expect(result.code == 0 && result.output.isEmpty)
    for line in ["PRIVMSG #x one", "PRIVMSG #x :two words", "PRIVMSG #x last"] {
      #expect(server.receive("PRIVMSG") == line)
    }
    #expect(server.receive("QUIT") != nil)
  }

  @Test func itPrintsWhatItHearsUpToACount() throws {
    let server = try ScriptedServer()
    defer { server.stop() }
    let client = try Filter(["join", server.address, "--room", "x", "--read", "--count", "2"])
    #expect(server.receive("JOIN") == "JOIN #x")
    // In one piece, so that some come with the same read as the end of the names did, or not.
    server.send(
      "@time=2026-11-22T21:28:15.042Z :ann!u@h PRIVMSG #x :hi\tthere", ":srv NOTICE * :not this",
      ":ann!u@h PRIVMSG #x :\u{1}ACTION waves\u{1}", ":ann!u@h PRIVMSG #x :too much")
    let result = try client.finish()
    let lines = result.output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(result.code == 0 && lines.count == 2)
    #expect(
      lines.first?.map(String.init) == [
        "2026-11-22T21:28:15.042Z", "#x", "ann", "message", "hi there",
      ])
    #expect(lines.last?.suffix(2).map(String.init) == ["action", "waves"])
  }

  @Test func aReaderThatHasEnoughEndsItQuietly() throws {
    let server = try ScriptedServer()
    defer { server.stop() }
    let client = try Filter(["join", server.address, "--room", "#x", "--read"])
    #expect(server.receive("JOIN") != nil)
    client.closeOutput()
    server.send(":ann!u@h PRIVMSG #x :into the void")
    let result = try client.finish()
    #expect(result.code == 0 && result.errors.isEmpty)
  }

  @Test func thePasswordIsTakenFromTheEnvironment() throws {
    let server = try ScriptedServer()
    defer { server.stop() }
    let client = try Filter(
      ["join", server.address, "--room", "#x", "--send"], environment: ["HUBBUB_PASSWORD": "sesame"]
    )
    client.closeInput()
    #expect(server.receive("PASS") == "PASS sesame")
    #expect(try client.finish().code == 0)
  }

  /// Once the whole run of the tests ended by SIGPIPE, when a refused client was quicker than its input.
  @Test func whatIsWrittenToOneThatHasEndedHarmsNobody() throws {
    let client = try Filter(["join", "not a server", "--send"])
    #expect(try client.finish().code == 5)
    client.write("hello\n")
  }

  @Test func itsExitCodesSayWhatWentWrong() throws {
    #expect(try run(["join", "127.0.0.1:1", "--send"]).code == 1)
    #expect(try run(["join", "not a server", "--send"]).code == 5)
    #expect(try run(["join", "--count", "0"]).code == 64)
    let server = try ScriptedServer()
    defer { server.stop() }
    let lost = try Filter(["join", server.address, "--room", "#x", "--read"])
    #expect(server.receive("JOIN") != nil)
    server.drop()
    #expect(try lost.finish().code == 3)
    let refused = try Filter(["join", server.address, "--room", "#x", "--read"])
    #expect(server.receive("JOIN") != nil)
    server.send(":srv 404 max #x :Cannot send to channel")
    let result = try refused.finish()
    #expect(result.code == 4 && result.errors.contains("You may not speak in #x."))
  }

  private func run(_ arguments: [String], input: String = "") throws -> Filter.Result {
    let filter = try Filter(arguments)
    filter.write(input)
    filter.closeInput()
    return try filter.finish()
  }
}
