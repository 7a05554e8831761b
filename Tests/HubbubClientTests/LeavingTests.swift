import Glibc
import TestSupport
import Testing

@testable import HubbubClient

/// However the client ends, the terminal is as it was.
@Suite(.serialized) struct LeavingTests {
  private func expectRestored(
    _ client: PseudoTerminal, _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(client.isOrdinary, sourceLocation: location)
    #expect(!client.screen.marksPastes, sourceLocation: location)
    #expect(client.screen.wraps, sourceLocation: location)
  }

  @Test func controlCClearsTheLineAndTwiceLeaves() throws {
    let talk = try Conversation()
    talk.client.type("never mind")
    talk.client.wait(for: "never mind")
    #expect(!talk.client.isOrdinary)
    talk.client.type("\u{3}")
    talk.client.wait("an empty line") {
      $0.cursor.line == "max #lobby>" && $0.text.contains("Ctrl-C again")
    }
    talk.client.type("x")
    talk.client.wait("the hint gone") {
      !$0.text.contains("Ctrl-C again") && $0.cursor.line == "max #lobby> x"
    }
    talk.client.type("\u{3}")
    talk.client.wait(for: "Ctrl-C again")
    talk.client.type("\u{3}")
    #expect(try talk.client.end() == 0)
    #expect(talk.server.receive("QUIT") == "QUIT Leaving")
    expectRestored(talk.client)
  }

  @Test func controlDOnAnEmptyLineLeaves() throws {
    let talk = try Conversation()
    talk.client.type("ab\u{1}\u{4}")
    talk.client.wait("a letter less") { $0.cursor.line == "max #lobby> b" }
    talk.client.type("\u{4}\u{4}")
    #expect(try talk.client.end() == 0)
    expectRestored(talk.client)
  }

  @Test func quitSaysGoodbye() throws {
    let talk = try Conversation()
    talk.client.type("/quit see you\r")
    #expect(try talk.client.end() == 0)
    #expect(talk.server.receive("QUIT") == "QUIT :see you")
    expectRestored(talk.client)
    #expect(talk.client.screen.cursor == ("", 0))
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT])
  func aSignalRestoresTheTerminal(number: Int32) throws {
    let talk = try Conversation()
    talk.client.type("draft")
    talk.client.wait(for: "draft")
    talk.client.signal(number)
    #expect(try talk.client.end() == 128 + number)
    expectRestored(talk.client)
  }

  @Test(arguments: [SIGABRT, SIGTRAP, SIGSEGV, SIGILL]) func aCrashRestoresTheTerminal(
    number: Int32
  ) throws {
    let talk = try Conversation()
    talk.client.signal(number)
    // 66 is how ThreadSanitizer, where the tests run under it, ends a process that crashed.
    let code = try talk.client.end()
    #expect([-number, 66].contains(code))
    expectRestored(talk.client)
  }

  /// Under a shell: without one the system ignores the wish to stop.
  @Test func controlZGivesTheTerminalBackAndTakesItAgain() throws {
    let server = try ScriptedServer()
    defer { server.stop() }
    let shell = try PseudoTerminal(["-i"], program: "/bin/sh", environment: ["PS1": "shell> "])
    shell.wait("the shell") { $0.cursor.line == "shell>" }
    shell.type("\(builtProgram("hubbub")) join \(server.address) --nick max\r")
    shell.wait("the room") { $0.cursor.line == "max #lobby>" }
    shell.type("draft")
    shell.wait("the draft") { $0.cursor.line == "max #lobby> draft" }
    shell.type("\u{1A}")
    shell.wait("the shell again") { $0.cursor.line == "shell>" && !$0.marksPastes }
    server.send(":ann!u@host PRIVMSG #lobby :meanwhile")
    shell.type("stty -a\r")
    shell.wait("a terminal as a shell needs it") {
      $0.text.contains(" icanon ") && $0.text.contains(" echo ") && $0.text.contains("isig ")
    }
    shell.type("fg\r")
    shell.wait("the prompt again, with what was said meanwhile") {
      $0.cursor.line == "max #lobby> draft" && $0.text.contains("<ann> meanwhile") && $0.marksPastes
    }
    shell.type("\r")
    #expect(server.receive("PRIVMSG") == "PRIVMSG #lobby draft")
    shell.type("/quit\r")
    shell.wait("the shell at the end") { $0.cursor.line == "shell>" && !$0.marksPastes }
  }

  @Test func aStopFromOutsideAndFgWork() throws {
    let talk = try Conversation()
    talk.client.signal(SIGSTOP)
    #expect(talk.client.waitUntilStopped())
    talk.client.signal(SIGCONT)
    talk.client.type("back")
    talk.client.wait("the prompt") { $0.cursor.line == "max #lobby> back" }
    #expect(!talk.client.isOrdinary)
  }

  /// A server that lets nobody in: nothing to wait for when one has enough.
  @Test func leavingWhileConnectingDoesNotWait() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(descriptor, $0, length)
        _ = listen(descriptor, 1)
        _ = getsockname(descriptor, $0, &length)
      }
    }
    let port = UInt16(bigEndian: address.sin_port)
    let client = try PseudoTerminal(["join", "127.0.0.1:\(port)", "--nick", "max"])
    client.wait("the prompt") { $0.cursor.line == "(connecting) max>" }
    client.type("\u{3}")
    client.wait(for: "Ctrl-C again")
    client.type("\u{3}")
    #expect(try client.end() == 0)
    expectRestored(client)
  }

  @Test func aServerThatIsNotThereIsSaid() throws {
    let client = try PseudoTerminal(["join", "127.0.0.1:1"])
    #expect(try client.end() == 1)
    #expect(client.screen.text.contains("Connection refused"))
    expectRestored(client)
  }
}
