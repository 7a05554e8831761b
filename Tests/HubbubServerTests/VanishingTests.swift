import Glibc
import HubbubDial
import HubbubSockets
import HubbubThreads
import IRCWire
import Testing

@testable import HubbubServer

/// Peers that are gone from one moment to the next.
@Suite struct VanishingTests {
  /// How a peer goes, and what the others are told of it.
  enum Manner: String, CaseIterable {
    case reset = "Connection reset by peer"
    case closed = "Connection closed"
    case halfClosed = "Connection closed, though it could still read"
    case silent = "Ping timeout"

    /// How the reason begins.
    var reason: String { self == .halfClosed ? Self.closed.rawValue : rawValue }
  }

  @Test(
    "R8 a peer that vanishes is gone for the others, with the reason, and its name is free again",
    arguments: Manner.allCases)
  func vanishing(_ manner: Manner) throws {
    let server = try TestServer {
      $0.limits.pingAfter = .milliseconds(100)
      $0.limits.pingReply = .milliseconds(100)
    }
    let bob = try server.client("bob")
    try bob.join("#r")
    let peer = try Self.member("ann", of: "#r", server.endpoint)
    defer { peer.close() }
    try bob.expect("JOIN")
    switch manner {
    case .reset:
      var atOnce = linger(l_onoff: 1, l_linger: 0)
      let size = socklen_t(MemoryLayout<linger>.size)
      try #require(setsockopt(peer.descriptor, SOL_SOCKET, SO_LINGER, &atOnce, size) == 0)
      peer.close()
    case .closed: peer.close()
    case .halfClosed: peer.shutDownSending()
    // Not a word any more, and no answer to a PING.
    case .silent: break
    }
    let quit = try Self.answeringPings(bob) { $0.command == "QUIT" }
    #expect(quit.source?.name == "ann")
    #expect(quit.parameters[0].hasPrefix(manner.reason), "\(quit.parameters[0])")
    _ = try server.client("ann")
  }

  /// Reads on to what `isWanted`, as a client that is alive.
  private static func answeringPings(
    _ client: ScriptedClient, until isWanted: (Message) -> Bool
  ) throws -> Message {
    while true {
      let message = try client.read { isWanted($0) || $0.command == "PING" }.last!
      if isWanted(message) { return message }
      try client.send("PONG \(message.parameters[0])")
    }
  }

  /// A registered connection that is in the room, and has read all that it was sent.
  private static func member(
    _ nickname: String, of room: String, _ endpoint: Endpoint
  ) throws -> Socket {
    let socket = try Socket.connect(to: endpoint)
    let lines = Array("NICK \(nickname)\r\nUSER \(nickname) 0 * :x\r\nJOIN \(room)\r\n".utf8)
    try lines.withUnsafeBytes { try socket.sendAll($0) }
    var heard = ""
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while !heard.contains(" 366 ") || !heard.hasSuffix("\r\n") {
      try #require(
        Readiness.wait(for: socket.descriptor, Int32(POLLIN), limit: ScriptedClient.patience))
      let count = try buffer.withUnsafeMutableBytes { try socket.receive(into: $0) ?? 0 }
      try #require(count > 0)
      heard += String(decoding: buffer[..<count], as: UTF8.self)
    }
    return socket
  }

  /// The server                     the stalled reader        a newcomer
  /// ends it: shutdown
  /// its owner logs the eviction
  ///                                closes
  /// closes its descriptor
  ///                                                          gets its number
  @Test(
    "R4 stalled readers go in the instant they are evicted: no newcomer gets a byte that was theirs"
  )
  func reusedDescriptors() throws {
    let server = try TestServer { $0.limits.sendLagBytes = 64 * 1024 }
    let names = (0..<8).map { "stalled\($0)" }
    let stalled = try names.map { try server.client($0) }
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    for client in stalled + [ann, bob] { try client.join("#r") }
    _ = try ann.messagesUntilNow()
    let isClosed = Monitor(false)
    let strays = Monitor<[String]>([])
    let newcomers = try NamedThread(name: "newcomers") { [endpoint = server.endpoint] in
      while !isClosed.withLock({ $0 }) {
        do { try strays.append(Self.strays(to: endpoint)) } catch { strays.append(["\(error)"]) }
      }
    }
    // Who goes by itself in the middle of the flood is not shut down by anybody, only closed.
    let passers = try (0..<2).map { number in
      try NamedThread(name: "passers") { [endpoint = server.endpoint] in
        while !isClosed.withLock({ $0 }) {
          do { try Self.passThrough("#r", "pass\(number)", endpoint) } catch {
            strays.append(["\(error)"])
          }
        }
      }
    }
    let goers = try zip(names, stalled).map { name, client in
      try NamedThread(name: "goer") { [log = server.log] in
        if log.waitForLine(containing: "evicted", "nick=\(name) ") != nil { client.close() }
      }
    }
    let flood = try Self.flood(ann, bob, in: "#r") {
      names.allSatisfy { name in
        server.log.find { $0.contains("evicted") && $0.contains("nick=\(name) ") } != nil
      }
    }
    for goer in goers { goer.join() }
    // All that was said and all who went were published before this answer.
    let heard = try flood.heard + bob.messagesUntilNow()
    isClosed.withLock { $0 = true }
    for thread in passers + [newcomers] { thread.join() }
    #expect(strays.withLock { $0 } == [])
    #expect(heard.texts == (0..<flood.sent).map(Self.text))
    for name in names {
      #expect(heard.filter { $0.command == "QUIT" && $0.source?.name == name }.count == 1)
    }
  }

  /// Joins the room while somebody talks there, and goes.
  private static func passThrough(_ room: String, _ nickname: String, _ endpoint: Endpoint) throws {
    let client = try RawClient(endpoint)
    try client.send("NICK \(nickname)", "USER \(nickname) 0 * :x", "JOIN \(room)", "QUIT")
    do { _ = try client.messagesUntilNow() } catch is RawClient.Ended {}
  }

  /// One newcomer, who is in no room: whatever it reads that is not for it.
  private static func strays(to endpoint: Endpoint) throws -> [String] {
    let client = try RawClient(endpoint)
    try client.send("NICK new", "USER new 0 * :x")
    let messages = try client.messagesUntilNow()
    // Its name is free for the next one only when it has gone.
    try client.send("QUIT")
    do { _ = try client.messagesUntilNow() } catch is RawClient.Ended {}
    let own = messages.filter { $0.parameters.first == "new" || $0.parameters.first == "*" }
    return messages.count == own.count
      ? [] : messages.map { "\($0.command) \($0.parameters)" }
  }

  private static func text(_ number: Int) -> String {
    "\(number) " + String(repeating: "x", count: 400)
  }

  /// `ann` talks until it is done, and `bob` listens.
  private static func flood(
    _ ann: ScriptedClient, _ bob: ScriptedClient, in room: String, until isDone: () -> Bool
  ) throws -> (sent: Int, heard: [Message]) {
    var sent = 0
    var heard: [Message] = []
    while !isDone(), sent < 200_000 {
      let lines = (sent..<sent + 100).map { "PRIVMSG \(room) :\(text($0))\r\n" }
      try ann.connection.send(bytes: lines.flatMap { Array($0.utf8) })
      sent += 100
      _ = try ann.messagesUntilNow()
      heard += try bob.messagesUntilNow()
    }
    return (sent, heard)
  }
}

extension Monitor where State == [String] {
  fileprivate func append(_ more: [String]) { withLock { $0 += more } }
}
