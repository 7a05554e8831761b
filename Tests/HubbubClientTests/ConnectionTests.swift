import Glibc
import TestSupport
import Testing

@testable import HubbubClient

/// The connection and the world around the client, in a pseudo-terminal.
@Suite(.serialized) struct ConnectionTests {
  @Test func aLostConnectionComesBackByItself() throws {
    let talk = try Conversation()
    talk.client.type("draft")
    talk.client.wait("the draft") { $0.cursor.line == "max #lobby> draft" }
    talk.server.drop()
    talk.client.wait("that it is lost") { $0.text.contains("Trying again") }
    talk.client.wait("that it is back") {
      $0.text.contains("may be missing") && $0.cursor.line == "max #lobby> draft"
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
    client.wait("the room") { $0.cursor.line == "max_ #lobby>" }
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
      talk.client.wait("the room") { $0.cursor.line == "max #dev>" }
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
    client.wait("the saved room") { $0.cursor.line == "max #dev>" }
  }

  @Test func severalServersAreOpenAndTheirRoomsCarryTheirNamesWhereTheyCollide() throws {
    let talk = try Conversation(columns: 100)
    let other = try ScriptedServer()
    defer { other.stop() }
    let (first, second) = (talk.server.address, other.address)
    talk.client.type("/connect irc://\(second)/lobby\r")
    talk.client.wait("the room there") { $0.cursor.line == "max #lobby/\(second)>" }
    talk.client.type("hello there\r")
    #expect(other.receive("PRIVMSG") == "PRIVMSG #lobby :hello there")
    talk.say("are you here")
    talk.client.wait("news of the first") {
      $0.cursor.line == "max #lobby/\(second) [#lobby/\(first) 1]>"
    }
    talk.client.type("/room\r")
    talk.client.wait(for: "2: #lobby/\(second), on the screen")
    talk.client.type("\u{1B}1")
    talk.client.wait("the first room") {
      $0.text.contains("are you here") && $0.cursor.line == "max #lobby/\(first)>"
    }
    talk.client.type("yes\r")
    #expect(talk.server.receive("PRIVMSG") == "PRIVMSG #lobby yes")
    talk.client.type("/room lobby/\(second)\r")
    talk.client.wait("the second again") { $0.cursor.line == "max #lobby/\(second)>" }
    talk.client.type("/connect irc://\(first)/new\r")
    #expect(talk.server.receive("JOIN #new") == "JOIN #new")
    talk.client.wait("the new room") { $0.cursor.line == "max #new>" }
    talk.client.type("/connect \(first)\r")
    talk.client.wait(for: "\(first) is open; /reconnect")
    talk.client.type("/room lobby/\(second)\r")
    talk.client.wait("the second once more") { $0.cursor.line == "max #lobby/\(second)>" }
    // What is set with one is set for all.
    talk.client.type("/ignore ann\r")
    talk.client.wait(for: "ann is ignored")
    talk.client.type("/disconnect\r")
    #expect(other.receive("QUIT") != nil)
    talk.client.wait(for: "/reconnect comes back")
    talk.client.type("/disconnect\r")
    talk.client.wait("the first alone") { $0.cursor.line == "max #new>" }
    talk.client.type("/ignore\r")
    talk.client.wait(for: "Ignored: ann.")
  }

  @Test func oneOfSeveralServersThatRefusesIsGivenUpAndTheOthersStay() throws {
    let talk = try Conversation()
    let other = try ScriptedServer()
    defer { other.stop() }
    other.refuse(with: ":srv 464 * :Password incorrect")
    talk.client.type("/connect \(other.address)\r")
    talk.client.wait("the first again") {
      $0.text.contains("it wants a password") && $0.cursor.line == "max #lobby>"
    }
    talk.client.type("still here\r")
    #expect(talk.server.receive("PRIVMSG") == "PRIVMSG #lobby :still here")
  }

  @Test func aServerThatWasLeftGivesItsPlaceToAnother() throws {
    let talk = try Conversation()
    let other = try ScriptedServer()
    defer { other.stop() }
    talk.client.type("/disconnect\r")
    #expect(talk.server.receive("QUIT") != nil)
    talk.client.wait(for: "/reconnect comes back")
    talk.client.type("/connect irc://\(other.address)/tea\r")
    talk.client.wait("the room there") { $0.cursor.line == "max #tea>" }
    talk.client.type("hello there\r")
    #expect(other.receive("PRIVMSG") == "PRIVMSG #tea :hello there")
    talk.client.type("/room\r")
    talk.client.wait(for: "1: #tea, on the screen")
  }

  @Test func whoDisconnectsStaysAwayUntilTheyReconnect() throws {
    let talk = try Conversation()
    talk.client.type("/disconnect bye\r")
    #expect(talk.server.receive("QUIT") == "QUIT bye")
    talk.client.wait("that it is over") {
      $0.text.contains("/reconnect comes back") && $0.cursor.line == "(offline) max #lobby>"
    }
    talk.client.type("kept\r")
    talk.client.wait(for: "kept (waits)")
    talk.client.type("/reconnect\r")
    #expect(talk.server.receive("JOIN") == "JOIN #lobby")
    #expect(talk.server.receive("PRIVMSG") == "PRIVMSG #lobby kept")
    talk.client.wait("the prompt") { $0.cursor.line == "max #lobby>" }
    talk.client.type("/reconnect\r")
    #expect(talk.server.receive("QUIT") == "QUIT :Coming back")
    #expect(talk.server.receive("JOIN") == "JOIN #lobby")
  }

  @Test func theFirstScreenSaysHowToGetHelp() throws {
    let talk = try Conversation(columns: 40)
    talk.client.wait(for: "/help lists")
  }

  @Test func whatIsSaidIsLoggedForTheOwnerOnlyWhereThatIsWanted() throws {
    let home = TemporaryDirectory()
    let talk = try Conversation(home: home)
    talk.say("not kept")
    talk.client.wait(for: "not kept")
    talk.client.type("/set log yes\r")
    talk.client.wait(for: "log is yes")
    talk.say("kept \u{1B}[2J")
    talk.client.wait(for: "<ann> kept")
    talk.client.type("/msg NickServ IDENTIFY hunter2\r")
    talk.client.wait(for: "to NickServ: IDENTIFY ••••")
    let port = talk.server.address.split(separator: ":")[1]
    let path = home.path + "/.local/state/hubbub/logs/127.0.0.1%3a\(port)/#lobby.log"
    let text = try #require(read(path))
    #expect(!text.contains("not kept") && text.hasSuffix("<ann> kept ␛[2J\n"))
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(!talk.client.screen.text.contains("hunter2\n"))
  }

  @Test func aRoomIsFilledWithWhatWasSaidBefore() throws {
    let server = try ScriptedServer()
    defer { server.stop() }
    server.offer("batch draft/chathistory message-tags")
    let client = try PseudoTerminal(["join", server.address, "--nick", "max"])
    #expect(server.receive("CHATHISTORY") == "CHATHISTORY LATEST #lobby * 50")
    server.send(
      "@msgid=2 :ann!u@host PRIVMSG #lobby :live", ":srv BATCH +h chathistory #lobby",
      "@batch=h;msgid=1;time=2026-11-22T12:00:00.000Z :ann!u@host PRIVMSG #lobby :early",
      "@batch=h;msgid=2 :ann!u@host PRIVMSG #lobby :live", ":srv BATCH -h")
    client.wait(for: "· <ann> live")
    #expect(client.screen.text.contains("· <ann> early"))
    client.type("/history\r")
    #expect(server.receive("CHATHISTORY") == "CHATHISTORY BEFORE #lobby msgid=1 20")
    server.send(":srv BATCH +i chathistory #lobby", ":srv BATCH -i")
    client.wait(for: "There is nothing older.")
    #expect(client.screen.text.components("<ann> live") == 1)
  }

  @Test func clearAndRedrawKeepTheLine() throws {
    let talk = try Conversation()
    talk.say("something")
    talk.client.wait(for: "<ann> something")
    talk.client.type("draft\u{0C}")
    talk.client.wait("the last lines again") {
      $0.screen.first?.contains("3 people") == true && $0.cursor.line == "max #lobby> draft"
    }
    talk.client.type("\u{15}/clear\r")
    talk.client.wait("an empty screen") { $0.screen.first == "max #lobby>" }
  }

  private func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer[..<count], as: UTF8.self)
  }
}
