import HubbubRooms
import IRCWire
import Testing

@testable import HubbubServer

/// Whose a nickname is.
@Suite struct NicknameTests {
  @Test(
    "of two who wish for a name, the first whose registration is complete has it; the other is asked for another"
  )
  func firstToComplete() throws {
    let server = try TestServer()
    let (slow, fast) = (try server.connect(), try server.connect())
    _ = try slow.offered()
    #expect(try slow.ask("NICK ann") == [])
    #expect(try slow.ask("USER a 0 * :A") == [])
    #expect(try fast.ask("NICK ann") == [])
    try fast.send("USER a 0 * :A")
    try fast.expect("422")
    let answer = try slow.ask("CAP END")
    #expect(answer.map(\.command) == ["433"])
    #expect(answer.first?.parameters.prefix(2) == ["*", "ann"])
    try slow.send("NICK ann2")
    #expect(try slow.expect("001").parameters.first == "ann2")
    #expect(try fast.ask("WHOIS ann2").commands.contains("311"))
  }

  @Test("who has not given the server's password keeps nobody from a name")
  func withoutPassword() throws {
    let server = try TestServer { $0.password = "secret" }
    let squatter = try server.connect()
    _ = try squatter.ask("NICK ann")
    let ann = try server.client("ann", password: "secret")
    #expect(try squatter.ask("NICK ANN").commands == ["433"])
    ann.close()
  }

  @Test("who needs another name after the right password is not asked for it again")
  func passwordOnce() throws {
    let server = try TestServer { $0.password = SettingsTests.hash }
    let ann = try server.connect()
    try ann.send("CAP LS", "PASS secret", "NICK ann", "USER a 0 * :A")
    let other = try server.client("ann", password: "secret")
    try ann.send("CAP END")
    try ann.expect("433")
    try ann.send("NICK bob")
    try ann.expect("001")
    other.close()
  }

  @Test("a name that is somebody's is refused at once, also before the registration is complete")
  func takenEarly() throws {
    let server = try TestServer()
    let ann = try server.client("ann")
    let other = try server.connect()
    #expect(try other.ask("NICK Ann").commands == ["433"])
    try other.send("NICK bob", "USER b 0 * :B")
    try other.expect("422")
    #expect(try other.ask("NICK ann").commands == ["433"])
    ann.close()
  }

  @Test("nobody is known by a name that is only wished for")
  func unknown() throws {
    let server = try TestServer()
    let ann = try server.client("ann")
    _ = try ann.ask("MONITOR + bob")
    let bob = try server.connect()
    _ = try bob.ask("NICK bob")
    #expect(try ann.ask("WHOIS bob").commands.first == "401")
    #expect(try ann.ask("PRIVMSG bob :x").commands == ["401"])
    #expect(try ann.ask("ISON bob").first?.parameters.last == "")
    bob.close()
    #expect(server.log.waitForLine(containing: "disconnect", "nick=bob") != nil)
    #expect(try ann.ask("WHOWAS bob").commands.first == "406")
  }

  // MARK: A name that is wanted

  private static func impatient() throws -> TestServer {
    try TestServer { $0.limits.wantedNickname = .milliseconds(50) }
  }

  @Test(
    "who does not answer while its name is wanted is ended, and the next who asks has it",
    arguments: [true, false])
  func wanted(isRegistered: Bool) throws {
    let server = try Self.impatient()
    let gone = try server.client("ann")
    let other = isRegistered ? try server.client("bob") : try server.connect()
    #expect(try other.ask("NICK ann").commands == ["433"])
    let seen = try gone.readToEnd()
    #expect(seen.commands.contains("PING"))
    #expect(seen.last?.parameters.first?.contains("Ping timeout") == true)
    #expect(server.log.waitForLine(containing: "disconnect", "nick=ann", "Ping timeout") != nil)
    #expect(try !other.ask("NICK ann").commands.contains("433"))
  }

  @Test(
    "whatever comes is an answer, and a healthy client stays however often its name is asked for")
  func healthy() throws {
    let server = try TestServer()
    let (ann, bob) = (try server.client("ann"), try server.client("bob"))
    var pings = 0
    for round in 0..<20 {
      #expect(try bob.ask("NICK ann").commands.contains("433"))
      // It does not say PONG, but something.
      pings += try ann.ask("PRIVMSG bob :\(round)").count { $0.command == "PING" }
    }
    // One in fifteen seconds.
    #expect(pings >= 1 && pings < 20)
    #expect(try ann.ask("NICK ann3").commands.last == "NICK")
  }

  @Test("a test begins once in the time that it may take, and any answer ends it")
  func presence() {
    let presence = Presence()
    let limit = Duration.seconds(15)
    #expect(!presence.hasFailed(now: 1000, after: limit))
    #expect(presence.beginTest(now: 1000, atMostEvery: limit))
    #expect(!presence.beginTest(now: 1000, atMostEvery: limit))
    #expect(!presence.beginTest(now: 15_999, atMostEvery: limit))
    #expect(!presence.hasFailed(now: 15_999, after: limit))
    #expect(presence.hasFailed(now: 16_000, after: limit))
    presence.answer()
    #expect(!presence.hasFailed(now: 16_000, after: limit))
    #expect(!presence.beginTest(now: 15_999, atMostEvery: limit))
    #expect(presence.beginTest(now: 16_000, atMostEvery: limit))
  }

  @Test("who is kept waiting by the server is not taken for gone while its name is wanted")
  func throttled() throws {
    let server = try TestServer {
      $0.limits.wantedNickname = .milliseconds(50)
      $0.classes = [
        ClientClass(name: "slow", includesBots: true, burstLines: 1, linesPerSecond: 1),
        ClientClass(name: "others", addresses: ["127.0.0.0/8"], isThrottled: false),
      ]
    }
    let (ann, bob) = (try server.client("ann"), try server.client("bob"))
    try ann.send("MODE ann +B", "PONG 1", "PONG 2", "PONG 3", "PONG 4", "PRIVMSG bob :still here")
    _ = try ann.expect("NOTICE")
    #expect(try bob.ask("NICK ann").contains { $0.command == "433" })
    #expect(try bob.expect("PRIVMSG").source?.name == "ann")
  }

  @Test(
    "a person with a bare terminal who asks for the name of somebody who has gone gets it in the end"
  )
  func wantedAtTerminal() throws {
    let server = try Self.impatient()
    let gone = try server.client("ann")
    let bob = try server.client("bob")
    try bob.join("#lobby")
    let nc = try server.connect()
    try nc.send("", "ann")
    #expect(try gone.readToEnd().commands.contains("PING"))
    #expect(server.log.waitForLine(containing: "disconnect", "nick=ann") != nil)
    try nc.send("ann", "hello")
    #expect(try bob.expect("PRIVMSG").source?.name == "ann")
  }

  @Test("a person with a bare terminal, who cannot answer, is not asked")
  func terminal() throws {
    let server = try Self.impatient()
    let bob = try server.client("bob")
    let nc = try server.connect()
    try bob.join("#lobby")
    try nc.send("hello there", "nell")
    try bob.expect("JOIN")
    #expect(try bob.ask("NICK nell").commands == ["433"])
    // Another one who is silent is ended meanwhile.
    let silent = try server.client("silent")
    #expect(try bob.ask("NICK silent").commands == ["433"])
    _ = try silent.readToEnd()
    try nc.send("still here")
    #expect(try bob.expect("PRIVMSG").source?.name == "nell")
  }
}
