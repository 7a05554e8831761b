import Glibc
import HubbubSockets
import TestSupport
import Testing

@testable import HubbubClient

/// The client over TLS: whom it believes, and that it never speaks plain text instead.
@Suite(.serialized) struct SecureTests {
  private let identity: TLSIdentity
  private let home = TemporaryDirectory()

  init() throws { identity = try TLSIdentity.selfSigned(names: ["localhost", "127.0.0.1"]) }

  private func server(_ identity: TLSIdentity? = nil, port: UInt16 = 0) throws -> ScriptedServer {
    try ScriptedServer(port: port, tls: TLSContext(server: identity ?? self.identity))
  }

  private func port(of server: ScriptedServer) -> UInt16 {
    UInt16(server.address.split(separator: ":").last!)!
  }

  /// Says one line in `#x`, and ends.
  private func say(to server: String, _ flags: String...) throws -> Filter.Result {
    let client = try Filter(
      ["join", server, "--room", "#x", "--send"] + flags, home: home)
    client.write("hello\n")
    client.closeInput()
    return try client.finish()
  }

  /// What the server got to read is nothing.
  private func expectNothingSaid(to server: ScriptedServer) {
    #expect(server.received.allSatisfy { !$0.contains("NICK") && !$0.contains("hello") })
  }

  @Test func whatIsSaidToAPinnedServerArrives() throws {
    let server = try server()
    defer { server.stop() }
    let result = try say(to: server.address, "--tls", "--pin", "\(identity.fingerprint)")
    #expect(result.code == 0 && result.errors.isEmpty)
    #expect(server.receive("PRIVMSG") == "PRIVMSG #x hello")
  }

  @Test func anUnknownAuthorityIsRefusedWithTheFingerprint() throws {
    let server = try server()
    defer { server.stop() }
    let result = try say(to: server.address, "--tls")
    #expect(result.code == ChatExit.untrusted.rawValue)
    #expect(result.errors.contains("Nobody known vouches for the certificate of 127.0.0.1"))
    #expect(result.errors.contains("\(identity.fingerprint)"))
    expectNothingSaid(to: server)
  }

  @Test func anotherHostsCertificateIsRefusedWithItsNames() throws {
    let other = try TLSIdentity.selfSigned(names: ["chat.example"])
    let server = try server(other)
    defer { server.stop() }
    let file = "\(home.path)/authority.pem"
    let stream = try #require(fopen(file, "w"))
    fputs(String(decoding: other.certificates, as: UTF8.self), stream)
    fclose(stream)
    let result = try say(to: server.address, "--ca", file)
    #expect(result.code == ChatExit.untrusted.rawValue)
    #expect(
      result.errors.contains("The certificate is not for 127.0.0.1 but for chat.example."))
    expectNothingSaid(to: server)
  }

  @Test func anotherCertificateThanThePinnedOneIsRefused() throws {
    let server = try server()
    defer { server.stop() }
    let pin = String(repeating: "ab", count: 32)
    let result = try say(to: server.address, "--pin", pin)
    #expect(result.code == ChatExit.untrusted.rawValue)
    #expect(result.errors.contains("its fingerprint is \(identity.fingerprint), not \(pin)"))
    expectNothingSaid(to: server)
  }

  @Test func aServerInPlainTextIsNotSpokenTo() throws {
    let server = try ScriptedServer()
    defer { server.stop() }
    // It answers like every server as soon as it reads a line, and the client must not be talked
    // into that.
    let client = try Filter(["join", server.address, "--tls", "--send"], home: home)
    // The hello is no line, so it waits for the server, which ends it.
    #expect(server.waitForClient())
    server.send(":srv NOTICE * :*** Looking up your hostname")
    client.closeInput()
    let result = try client.finish()
    #expect(result.code == ChatExit.untrusted.rawValue)
    #expect(result.errors.contains("speaks plain text here, not TLS"))
    expectNothingSaid(to: server)
  }

  @Test func aLostConnectionComesBackByTLSAndNeverInPlainText() throws {
    let first = try server()
    let port = port(of: first)
    let client = try PseudoTerminal(
      ["join", first.address, "--nick", "max", "--pin", "\(identity.fingerprint)"], columns: 200)
    client.wait(for: "3 people")
    first.stop()
    let plain = try ScriptedServer(port: port)
    #expect(plain.waitForClient())
    plain.send(":srv NOTICE * :*** Looking up your hostname")
    client.wait(for: "speaks plain text here")
    expectNothingSaid(to: plain)
    plain.stop()
    let other = try server(TLSIdentity.selfSigned(names: ["127.0.0.1"]), port: port)
    client.wait(for: "is another one")
    expectNothingSaid(to: other)
    other.stop()
    let second = try server(port: port)
    defer { second.stop() }
    client.wait(for: "may be missing")
    client.type("back again\r")
    #expect(second.receive("PRIVMSG") == "PRIVMSG #lobby :back again")
  }

  @Test func whomToBelieveIsSavedWithTheServer() throws {
    let server = try server()
    defer { server.stop() }
    let pin = "\(identity.fingerprint)"
    do {
      let client = try PseudoTerminal(
        ["join", server.address, "--nick", "max", "--room", "#x", "--pin", pin], home: home)
      client.wait(for: "3 people")
      client.type("/save\r")
      client.wait(for: "Saved in")
      client.type("/quit\r")
      #expect(try client.end() == 0)
    }
    let result = try Filter(["join", "--count", "1"], home: home)
    #expect(server.receive("JOIN") == "JOIN #x")
    #expect(server.receive("JOIN") == "JOIN #x")
    server.send(":ann!u@h PRIVMSG #x :hi")
    #expect(try result.finish().code == 0)
  }

  @Test func aSettingThatCannotBeUnderstoodIsNotPlainText() throws {
    let server = try ScriptedServer()
    defer { server.stop() }
    let directory = "\(home.path)/.config/hubbub"
    for path in ["\(home.path)/.config", directory] { mkdir(path, 0o700) }
    let stream = try #require(fopen("\(directory)/settings", "w"))
    fputs("server = \(server.address)\ntls = ja\n", stream)
    fclose(stream)
    let client = try Filter(["join", "--send"], home: home)
    let result = try client.finish()
    #expect(result.code == ChatExit.unusable.rawValue)
    #expect(result.errors.contains("“tls = ja”"))
    expectNothingSaid(to: server)
  }
}
