import HubbubDial
import HubbubRooms
import IRCWire
import Testing

@testable import HubbubServer

/// What happens when each limit is reached.
@Suite struct LimitTests {
  @Test(
    "one connection too many is refused with an ERROR, and the next is let in when one has gone")
  func clients() throws {
    let server = try TestServer { $0.limits.clients = 1 }
    let ann = try server.client("ann")
    let refused = try server.connect().readToEnd()
    #expect(refused.map(\.command) == ["ERROR"])
    #expect(refused[0].parameters[0].contains("The server is full"))
    #expect(server.log.waitForLine(containing: "refused", "The server is full") != nil)
    try ann.send("QUIT")
    _ = try ann.readToEnd()
    #expect(server.log.waitForLine(containing: "disconnect") != nil)
    // The place is free when the connection is closed, just after the line was logged.
    while (try? server.client("bob")) == nil {}
  }

  /// acceptor                       stop
  /// accepts, hands over
  ///                                everybody is gone, all threads are being joined
  /// connection starter admits: refused
  @Test("nobody is admitted once the server is stopping")
  func stopping() throws {
    let table = ClientTable()
    _ = try table.admit(from: "127.0.0.1", Limits(), ClientClasses([]), now: 0)
    table.close()
    #expect(throws: ClientTable.Refusal.stopping) {
      try table.admit(from: "127.0.0.1", Limits(), ClientClasses([]), now: 0)
    }
  }

  @Test("who asks and asks and never reads the answers is waited for only so long, and then ended")
  func repliesInOneRead() throws {
    let server = try TestServer {
      $0.limits.sendLagBytes = 64 * 1024
      $0.limits.pingAfter = .milliseconds(200)
      $0.limits.pingReply = .milliseconds(200)
    }
    let client = try server.client("ann")
    try client.join("#r")
    let questions = [UInt8](String(repeating: "WHO #r\r\n", count: 2000).utf8)
    // The server may end the connection while we are still asking: that is what is wanted.
    let isEnded = { (line: String) in
      line.contains("nick=ann") && (line.contains("evicted") || line.contains("Ping timeout"))
    }
    for _ in 0..<200 where server.log.find(isEnded) == nil {
      do { try client.connection.send(bytes: questions) } catch { break }
    }
    #expect(server.log.waitForLine(containing: "nick=ann", "reason=") != nil)
    #expect(server.log.find(isEnded) != nil)
  }

  @Test("connections from one address are limited, loopback excepted")
  func clientsPerAddress() throws {
    let table = ClientTable()
    var limits = Limits()
    limits.clientsPerAddress = 2
    let classes = ClientClasses(ClientClass.usual)
    func admit(_ address: String) throws -> MemberID {
      try table.admit(from: address, limits, classes, now: 0)
    }
    _ = try admit("192.0.2.1")
    let second = try admit("192.0.2.1")
    #expect(throws: ClientTable.Refusal.tooManyFromAddress) { try admit("192.0.2.1") }
    _ = try admit("192.0.2.2")
    for _ in 0..<10 { _ = try admit("127.0.0.1") }
    table.dismiss(second)
    _ = try admit("192.0.2.1")
  }

  /// L2
  @Test("who does not register in time is ended with that as the reason")
  func registrationTime() throws {
    let server = try TestServer { $0.limits.registration = .milliseconds(10) }
    let messages = try server.connect().readToEnd()
    #expect(messages.last?.parameters.first?.contains("Registration timed out") == true)
  }

  /// L2
  @Test("L2 who registers a byte at a time is ended at the deadline all the same")
  func slowRegistration() throws {
    let server = try TestServer { $0.limits.registration = .milliseconds(200) }
    let client = try server.connect()
    // Each byte is heard, and none is a reason to wait longer. A line may have 512.
    var (told, sent): (Message?, Int) = (nil, 0)
    while told == nil, sent < 400 {
      try? client.connection.send(bytes: [UInt8(ascii: "N")])
      sent += 1
      told = try? client.connection.receive(within: .milliseconds(10))
    }
    #expect(told?.parameters.first?.contains("Registration timed out") == true)
  }

  /// R8, silence
  @Test("who does not answer a PING is ended with that as the reason, and who answers stays")
  func ping() throws {
    let server = try TestServer {
      $0.limits.pingAfter = .milliseconds(10)
      $0.limits.pingReply = .milliseconds(10)
    }
    let silent = try server.client("silent")
    let messages = try silent.readToEnd()
    #expect(messages.commands.contains("PING"))
    #expect(messages.last?.parameters.first?.contains("Ping timeout") == true)
  }

  /// P1
  @Test("a mebibyte without a line's end is ended with that as the reason, and nobody else notices")
  func endlessLine() throws {
    let server = try TestServer()
    let client = try server.client("ann")
    let other = try server.client("bob")
    // The server may end the connection while we are still sending: that is what is wanted.
    try? client.connection.send(bytes: [UInt8](repeating: 65, count: 1024 * 1024))
    #expect(server.log.waitForLine(containing: "disconnect", "A line without an end") != nil)
    #expect(try other.messagesUntilNow().isEmpty)
  }

  @Test("rooms a client, and members a room")
  func rooms() throws {
    let server = try TestServer {
      $0.limits.roomsPerClient = 2
      $0.limits.membersPerRoom = 1
    }
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    #expect(try ann.ask("JOIN #1,#2,#3").last?.command == "405")
    #expect(try bob.ask("JOIN #1").commands == ["471"])
  }

  @Test("texts are cut to their limits, and longer names are refused")
  func texts() throws {
    let server = try TestServer {
      $0.limits.topicBytes = 5
      $0.limits.kickBytes = 5
      $0.limits.awayBytes = 5
      $0.limits.roomNameBytes = 5
      $0.limits.modesPerCommand = 1
      $0.limits.userNameBytes = 3
    }
    let ann = try server.client("annabel")
    #expect(try ann.ask("JOIN #12345").commands == ["403"])
    try ann.join("#1234")
    #expect(try ann.ask("TOPIC #1234 :äöü").first?.parameters == ["#1234", "äö"])
    #expect(try ann.ask("MODE #1234 +l+l 5 6").last?.parameters == ["#1234", "+l", "5"])
    #expect(try ann.ask("AWAY :0123456789").commands == ["306"])
    let whois = try ann.ask("WHOIS annabel")
    #expect(whois.first { $0.command == "301" }?.parameters.last == "01234")
    #expect(whois.first { $0.command == "311" }?.parameters[2] == "~ann")
    #expect(try ann.ask("KICK #1234 annabel :0123456789").first?.parameters.last == "01234")
  }

  @Test("a password keeps out who does not know it")
  func password() throws {
    let server = try TestServer { $0.password = "secret" }
    _ = try server.client("ann", password: "secret")
    #expect(throws: Registration.Failure.refused(numeric: "464", reason: "Password incorrect")) {
      try server.client("bob", password: "wrong")
    }
    #expect(throws: Registration.Failure.refused(numeric: "464", reason: "Password incorrect")) {
      try server.client("cem")
    }
  }
}
