import Glibc
import TestSupport
import Testing

@testable import HubbubClient

/// The connection and the world around the client, in a pseudo-terminal.
@Suite(.serialized) struct ConnectionTests {
  @Test func aLostConnectionComesBackByItself() throws {
    let talk = try Conversation()
    talk.client.type("draft")
    talk.client.wait("the draft") { $0.cursor.line == "#lobby> draft" }
    talk.server.drop()
    talk.client.wait("that it is lost") { $0.text.contains("Trying again") }
    talk.client.wait("that it is back") {
      $0.text.contains("may be missing") && $0.cursor.line == "#lobby> draft"
    }
    talk.client.type("\r")
    #expect(talk.server.receive("PRIVMSG") == "PRIVMSG #lobby draft")
  }

  @Test func aNameInUseGetsASuffixAndIsWonBack() throws {
    let server = try ScriptedServer()
    defer { server.stop() }
    server.take("max")
    let client = try PseudoTerminal(["join", server.address, "--nick", "max"])
    client.wait(for: "you are max_ until it is free")
    client.wait("the room") { $0.cursor.line == "#lobby>" }
    server.take("max", isTaken: false)
    server.send(":max!other@host QUIT :bye")
    client.wait(for: "You are now max.")
  }

  @Test func aMentionRingsAndRunsTheCommand() throws {
    let home = TemporaryDirectory()
    let talk = try Conversation(
      [
        "--notify",
        "printf '%s|%s|%s' \"$HUBBUB_NICK\" \"$HUBBUB_ROOM\" \"$HUBBUB_TEXT\" > \"$HOME/told.tmp\"; mv \"$HOME/told.tmp\" \"$HOME/told\"",
      ],
      home: home)
    talk.say("nothing for you")
    talk.client.wait(for: "nothing for you")
    #expect(talk.client.screen.bells == 0)
    talk.say("max: $(touch /tmp/no) \u{1B}[2J`x`")
    talk.client.wait("the bell") { $0.bells == 1 }
    talk.client.wait("the command") { _ in access(home.path + "/told", F_OK) == 0 }
    #expect(read(home.path + "/told") == "ann|#lobby|max: $(touch /tmp/no) ␛[2J`x`")
  }

  @Test func nothingFromOthersReachesTheTerminalRaw() throws {
    let talk = try Conversation(environment: ["NO_COLOR": "1"])
    talk.say("\u{1B}]0;evil\u{7}\u{1B}[2J\u{9B}31m\u{202E}end")
    talk.client.wait(for: "end")
    let text = String(decoding: talk.client.bytes, as: UTF8.self)
    #expect(!text.contains("\u{1B}]") && !text.contains("\u{1B}[2J"))
    #expect(!text.unicodeScalars.contains("\u{9B}") && !text.unicodeScalars.contains("\u{202E}"))
    #expect(!text.contains("\u{1B}[38;5") && !text.contains("\u{1B}[31m"))
  }

  @Test func settingsAreSavedAndUsed() throws {
    let home = TemporaryDirectory()
    do {
      let talk = try Conversation(["--room", "#dev"], home: home)
      talk.client.wait("the room") { $0.cursor.line == "#dev>" }
      talk.client.type("/ignore spammer\r")
      talk.client.wait(for: "spammer is ignored")
      talk.client.type("/save\r")
      talk.client.wait(for: "Saved in")
      talk.client.type("/quit\r")
      #expect(try talk.client.end() == 0)
    }
    let text = try #require(read(home.path + "/.config/hubbub/settings"))
    #expect(text.contains("nick = max\nroom = #dev\nignore = spammer\n"))
    let server = try ScriptedServer()
    defer { server.stop() }
    let client = try PseudoTerminal(["join", server.address], home: home)
    client.wait("the saved room") { $0.cursor.line == "#dev>" }
  }

  @Test func clearAndRedrawKeepTheLine() throws {
    let talk = try Conversation()
    talk.say("something")
    talk.client.wait(for: "<ann> something")
    talk.client.type("draft\u{0C}")
    talk.client.wait("the last lines again") {
      $0.screen.first?.contains("3 people") == true && $0.cursor.line == "#lobby> draft"
    }
    talk.client.type("\u{15}/clear\r")
    talk.client.wait("an empty screen") { $0.screen.first == "#lobby>" }
  }

  private func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer[..<count], as: UTF8.self)
  }
}
