import Glibc
import HubbubDial
import HubbubSockets
import HubbubThreads
import IRCWire
import Testing

@testable import HubbubServer

/// One order for all, in whatever they read it.
@Suite("one order for browsers, too") struct WebOrderTests {
  /// M7: clients over TCP and TLS, people with a bare terminal, browsers with text and with binary
  /// frames, who speak, come and go all at the same time.
  @Test("TCP, TLS, bare terminals, text and binary frames: all read one order")
  func oneOrder() throws {
    let identity = try TLSIdentity.selfSigned(names: ["127.0.0.1"])
    let server = try TestServer.withWeb {
      $0.secureEndpoints = [Endpoint(host: "127.0.0.1", port: 0)]
      $0.secureWebEndpoints = [Endpoint(host: "127.0.0.1", port: 0)]
      $0.tls = TLSSettings(identity: identity)
    }
    let (count, each) = (2, 200)
    var members: [any OrderedMember] = []
    let secureWeb = try #require(server.server.webAddresses.first { $0.isSecure }?.endpoint)
    for number in 0..<count {
      members.append(try server.client("tcp\(number)", capabilities: ["echo-message"]))
      let tls = try server.secureClient("tls\(number)", trusting: identity.fingerprint)
      _ = try tls.ask("CAP REQ echo-message")
      members.append(tls)
      members.append(try server.webClient("text\(number)", "echo-message"))
      members.append(
        try server.webClient("binary\(number)", "echo-message server-time", "binary.ircv3.net"))
      let context = try TLSContext(client: .pin(identity.fingerprint))
      let secure = try WebClient(secureWeb, tls: context)
      try secure.register("secure\(number)", "echo-message message-tags")
      members.append(secure)
    }
    let terminals = try (0..<count).map { try BareMember("nell\($0)", server) }
    for member in members { try member.come(into: "#lobby") }
    for member in members { try member.settle() }

    let seen = Monitor<[Int: [String]]>([:])
    let box = Members(members)
    let threads = try members.indices.map { number in
      try NamedThread(name: "member-\(number)") {
        // What fails here shows as missing lines below.
        let texts = try? box.members[number].talk(
          number, each, of: box.members.count, in: "#lobby")
        seen.withLock { $0[number] = texts }
      }
    }
    for thread in threads { thread.join() }
    let order = try #require(seen.withLock { $0[0] })
    #expect(order.count == members.count * each && Set(order).count == order.count)
    for number in members.indices {
      #expect(seen.withLock { $0[number] } == order, "\(number) read another order")
    }
    for terminal in terminals { #expect(try terminal.texts(order.count) == order) }
  }

  @Test("a browser that reads nothing costs the others nothing, and is ended for it")
  func stalled() throws {
    let server = try TestServer.withWeb { $0.limits.sendLagBytes = 256 * 1024 }
    let stalled = try server.webClient("stalled")
    let ann = try server.webClient("ann", "echo-message")
    let bob = try server.client("bob")
    try stalled.join("#r")
    try ann.join("#r")
    try bob.join("#r")
    let text = String(repeating: "x", count: 400)
    var heard: [Message] = []
    var sent = 0
    // The others read what is said while it is said.
    while server.log.find({ $0.contains("evicted") }) == nil, sent < 200_000 {
      try ann.send("PRIVMSG #r :\(sent) \(text)")
      _ = try ann.read { $0.command == "PRIVMSG" }
      heard += try bob.read { $0.command == "PRIVMSG" }
      sent += 1
    }
    #expect(server.log.find { $0.contains("evicted") && $0.contains("nick=stalled") } != nil)
    if !heard.contains(where: { $0.command == "QUIT" }) {
      heard += try bob.read { $0.command == "QUIT" }
    }
    #expect(heard.filter { $0.command == "QUIT" }.map { $0.source?.name } == ["stalled"])
    #expect(heard.texts.map { Int($0.prefix { $0 != " " }) } == (0..<sent).map { $0 })
  }
}

/// Somebody who talks in a room and reads what all say.
private protocol OrderedMember {
  func say(_ line: String) throws
  func read(to isWanted: (Message) -> Bool) throws -> [Message]
}

extension OrderedMember {
  func come(into room: String) throws {
    try say("JOIN \(room)")
    _ = try read { $0.command == "366" }
  }

  func settle() throws {
    try say("PING settled")
    _ = try read { $0.command == "PONG" }
  }

  /// Says so many things, and returns all that all have said.
  func talk(_ number: Int, _ each: Int, of members: Int, in room: String) throws -> [String] {
    for round in 0..<each { try say("PRIVMSG \(room) :\(number) \(round)") }
    var texts: [String] = []
    while texts.count < each * members {
      texts.append(try read { $0.command == "PRIVMSG" }.last!.parameters[1])
    }
    return texts
  }
}

extension ScriptedClient: OrderedMember {
  fileprivate func say(_ line: String) throws { try send(line) }
}

extension WebClient: OrderedMember {
  fileprivate func say(_ line: String) throws { try send(line) }
}

/// Each of them is used by one thread.
private final class Members: @unchecked Sendable {
  let members: [any OrderedMember]

  init(_ members: [any OrderedMember]) { self.members = members }
}

/// A person with a bare terminal, who only reads.
private final class BareMember {
  private let netcat: Netcat

  init(_ name: String, _ server: TestServer) throws {
    netcat = try Netcat(server.endpoint.port)
    try netcat.type("")
    try netcat.wait(for: "What is your name?")
    try netcat.type(name)
    try netcat.wait(for: "everybody in the room reads it")
  }

  func texts(_ count: Int) throws -> [String] {
    let deadline = ContinuousClock.now + ScriptedClient.patience
    var texts: [String] = []
    while texts.count < count, ContinuousClock.now < deadline {
      texts = netcat.text.split(whereSeparator: \.isNewline).compactMap { line in
        guard line.hasPrefix("<"), let end = line.firstIndex(of: ">") else { return nil }
        return String(line[line.index(end, offsetBy: 2)...].filter { $0 != "\r" })
      }
      sched_yield()
    }
    return texts
  }
}
