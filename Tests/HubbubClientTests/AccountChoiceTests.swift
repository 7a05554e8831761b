import Glibc
import HubbubDial
import TestSupport
import Testing

@testable import HubbubClient

/// Where the password of an account comes from, and what is refused.
@Suite struct AccountChoiceTests {
  private func choose(
    _ settings: String = "", isEncrypted: Bool = true,
    _ change: (inout ChatOptions) -> Void = { _ in }
  ) throws -> AccountChoice {
    var options = ChatOptions()
    change(&options)
    return try AccountChoice(
      options, Settings.parse(settings).settings, isEncrypted: isEncrypted,
      server: "srv", home: "/nowhere")
  }

  private func file(_ text: String, mode: mode_t, in folder: TemporaryDirectory) throws -> String {
    let path = folder.path + "/password"
    let stream = try #require(fopen(path, "w"))
    fputs(text, stream)
    fclose(stream)
    chmod(path, mode)
    return path
  }

  @Test func withoutAnAccountNobodyIsAsked() throws {
    let choice = try choose { $0.askSecret = { _ in "never" } }
    #expect(choice.account == nil && choice.identity == nil)
  }

  @Test func thePasswordIsTheFirstLineOfAFileOfOnesOwn() throws {
    let folder = TemporaryDirectory()
    let path = try file("sesame \nnote\n", mode: 0o600, in: folder)
    let choice = try choose("account = ann\npassword-file = \(path)\n")
    #expect(choice.account?.password == "sesame ")
    #expect(choice.account?.mechanisms == [.scramSHA256, .plain])
  }

  @Test(arguments: [0o640, 0o604, 0o660] as [mode_t])
  func aFileThatOthersMayReadIsRefusedWithWhatToDo(mode: mode_t) throws {
    let folder = TemporaryDirectory()
    let path = try file("sesame\n", mode: mode, in: folder)
    let fault = #expect(throws: AccountChoice.Fault.self) {
      try choose { ($0.account, $0.passwordFile) = ("ann", path) }
    }
    #expect(fault?.description.contains("chmod 600 \(path)") == true)
    #expect(fault?.description.contains("sesame") == false)
  }

  @Test func aCommandPrintsIt() throws {
    let choice = try choose { ($0.account, $0.passwordCommand) = ("ann", "echo sesame") }
    #expect(choice.account?.password == "sesame")
    let fault = #expect(throws: AccountChoice.Fault.self) {
      try choose { ($0.account, $0.passwordCommand) = ("ann", "exit 3") }
    }
    #expect(fault?.description == "The password command failed (code 3).")
    #expect(throws: AccountChoice.Fault.self) {
      try choose { ($0.account, $0.passwordCommand) = ("ann", "true") }
    }
  }

  @Test func elseItIsAskedFor() throws {
    let choice = try choose { options in
      options.account = "ann"
      options.askSecret = { $0.contains("ann") && $0.contains("srv") ? "sesame" : nil }
    }
    #expect(choice.account?.password == "sesame")
    #expect(throws: AccountChoice.Fault.self) { try choose { $0.account = "ann" } }
  }

  @Test func inPlainTextThePasswordItselfIsOnlySaidWhenAskedTo() throws {
    let ask: (inout ChatOptions) -> Void = { options in
      options.account = "ann"
      options.askSecret = { _ in "sesame" }
    }
    #expect(try choose(isEncrypted: false, ask).account?.mechanisms == [.scramSHA256])
    let chosen = try choose("sasl = plain", isEncrypted: false, ask)
    #expect(chosen.account?.mechanisms == [.plain])
  }

  @Test func externalNeedsACertificateAndEncryption() {
    #expect(throws: AccountChoice.Fault.self) { try choose("sasl = external") }
    #expect(throws: AccountChoice.Fault.self) {
      try choose { ($0.account, $0.sasl) = ("ann", "digest-md5") }
    }
  }

  @Test func theFilterLogsInBeforeItEnters() throws {
    let server = try ScriptedServer()
    defer { server.stop() }
    server.offer("sasl=PLAIN")
    let folder = TemporaryDirectory()
    let path = try file("sesame\n", mode: 0o600, in: folder)
    let client = try Filter([
      "join", server.address, "--room", "#x", "--send", "--account", "ann", "--password-file", path,
      "--sasl", "plain",
    ])
    #expect(server.receive("AUTHENTICATE PLAIN") != nil)
    server.send("AUTHENTICATE +")
    // NUL ann NUL sesame
    #expect(server.receive("AUTHENTICATE") == "AUTHENTICATE AGFubgBzZXNhbWU=")
    server.send(":srv 903 max :Success")
    #expect(server.receive("JOIN") == "JOIN #x")
    client.closeInput()
    #expect(try client.finish().code == 0)
  }

  @Test func aLoginThatIsRefusedIsSaidAndIsTheEnd() throws {
    let server = try ScriptedServer()
    defer { server.stop() }
    server.offer("sasl")
    let client = try Filter([
      "join", server.address, "--room", "#x", "--send", "--account", "ann", "--password-command",
      "echo wrong", "--sasl", "plain",
    ])
    #expect(server.receive("AUTHENTICATE PLAIN") != nil)
    server.send(":srv 904 max :Invalid credentials")
    let result = try client.finish()
    #expect(result.code == 2)
    #expect(result.errors.contains("The login as ann failed: Invalid credentials"))
  }
}
