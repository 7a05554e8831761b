import Glibc
import HubbubDial
import HubbubSockets
import HubbubThreads
import IRCWire
import Testing

@Suite("Registration")
struct RegistrationTests {
  private func register(
    _ registration: Registration, limit: Duration = patience,
    with script: @escaping @Sendable (ScriptedServer.Conversation) throws -> Void
  ) throws -> Result<Registration.Welcome, any Error> {
    let server = try ScriptedServer(script)
    let connection = try LineConnection.open(server.endpoint, limit: patience)
    let result = Result { try registration.perform(on: connection, limit: limit) }
    connection.shutDown()
    try server.finish()
    return result
  }

  @Test("a client registers over a connection")
  func registering() throws {
    let registration = Registration(
      nickname: "dan", realName: "Dan Smith", capabilities: ["server-time"],
      takesSimilarNickname: true)
    let result = try register(registration) { server in
      try server.expect("CAP LS 302", "NICK dan", "USER dan 0 * :Dan Smith")
      try server.say("PING :cookie", ":s CAP * LS :server-time")
      try server.expect("PONG cookie", "CAP REQ server-time")
      try server.say(":s CAP * ACK :server-time", ":s 433 * dan :Nickname is already in use")
      try server.expect("CAP END", "NICK dan_")
      try server.say(":s 001 dan_ :Welcome", ":s 005 dan_ NICKLEN=32 :are supported")
      try server.say(":s 422 dan_ :No MOTD", ":s NOTICE dan_ :Later")
      try server.expect(nil)
    }
    let welcome = try result.get()
    #expect(welcome.nickname == "dan_")
    #expect(welcome.capabilities == ["server-time"])
    #expect(welcome.supported == ["NICKLEN": "32"])
    // What comes after the registration is left for the next reader.
    #expect(welcome.messages.last?.command == "422")
  }

  @Test("an end without a reason is a failure, said as one")
  func ended() throws {
    let result = try register(Registration(nickname: "dan")) { server in
      try server.expect("CAP LS 302", "NICK dan", "USER dan 0 * dan")
    }
    let failure = #expect(throws: Registration.Failure.self) { try result.get() }
    #expect(failure == .ended(reason: "without a reason."))
  }

  /// client                      server
  /// NICK, USER
  ///                             reads nothing, says ERROR, closes: a reset goes after it
  /// reads ERROR
  /// reads: connection reset
  @Test(
    "the reason of an ERROR is told, also where a reset comes after it (R8)",
    arguments: [true, false])
  func errorReason(withReset: Bool) throws {
    let result = try register(Registration(nickname: "dan")) { server in
      if withReset {
        _ = Readiness.wait(for: server.socket.descriptor, Int32(POLLIN), limit: patience)
      } else {
        try server.expect("CAP LS 302", "NICK dan", "USER dan 0 * dan")
      }
      try server.say("ERROR :Closing Link: banned")
    }
    let failure = #expect(throws: Registration.Failure.self) { try result.get() }
    #expect(failure == .ended(reason: "Closing Link: banned"))
    #expect(failure?.description == "The server ended the connection: Closing Link: banned")
  }

  @Test("a reset without a word is the system's error")
  func reset() throws {
    let result = try register(Registration(nickname: "dan")) { server in
      _ = Readiness.wait(for: server.socket.descriptor, Int32(POLLIN), limit: patience)
    }
    #expect(throws: SystemError.self) { try result.get() }
  }

  @Test("a server that says nothing is given up")
  func silence() throws {
    let result = try register(Registration(nickname: "dan"), limit: .milliseconds(20)) { server in
      try server.expect("CAP LS 302", "NICK dan", "USER dan 0 * dan", nil)
    }
    #expect(throws: SystemError(call: "recv", errno: ETIMEDOUT)) { try result.get() }
  }
}
