import Glibc
import HubbubThreads
import Testing

@testable import HubbubSockets

@Suite("Socket")
struct SocketTests {
  @Test("what was sent arrives, all of it and in order, however much it is (R9)")
  func sending() throws {
    let meeting = try Meeting()
    let bytes = (0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let reader = try Errand { try meeting.server.receiveAll() }
    try bytes.withUnsafeBytes { raw in try meeting.client.sendAll(raw) }
    meeting.client.close()
    #expect(try reader.finish() == bytes)
  }

  @Test("sendNow takes what fits, then nothing, and goes on when there is room again (R9)")
  func shortWrites() throws {
    let meeting = try Meeting()
    let pieces = [
      (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }, [],
      [UInt8](repeating: 0x21, count: 20_000_000),
    ]
    let whole = pieces.flatMap { $0 }
    var sent = try meeting.client.sendNow(pieces)
    #expect(sent > 0 && sent < whole.count)
    // The system moves bytes to the other side's buffer by itself, until that is full too.
    while case let more = try meeting.client.sendNow([Array(whole[sent...])]), more > 0 {
      sent += more
    }
    #expect(sent < whole.count)
    let reader = try Errand { try meeting.server.receiveAll() }
    while sent < whole.count {
      let isReady = Readiness.wait(
        for: meeting.client.descriptor, Int32(POLLOUT), limit: patience)
      try #require(isReady)
      sent += try meeting.client.sendNow([Array(whole[sent...].prefix(1_000_000))])
    }
    meeting.client.shutDownSending()
    #expect(try reader.finish() == whole)
  }

  @Test("the pieces of one sendNow arrive in their order")
  func pieces() throws {
    let meeting = try Meeting()
    #expect(try meeting.client.sendNow([Array("a".utf8), [], Array("bc".utf8)]) == 3)
    #expect(try meeting.client.sendNow([]) == 0)
    meeting.client.close()
    #expect(try meeting.server.receiveAll() == Array("abc".utf8))
  }

  @Test("at the other side's end receive gives 0, after all that was sent, again and again (R8)")
  func ending() throws {
    let meeting = try Meeting()
    try meeting.client.send("last words")
    meeting.client.close()
    #expect(try meeting.server.receiveSome() == Array("last words".utf8))
    for _ in 0..<3 { #expect(try meeting.server.receiveSome() == []) }
  }

  @Test("after the other side ended only its own side, it still hears us")
  func halfOpen() throws {
    let meeting = try Meeting()
    try meeting.client.send("question")
    meeting.client.shutDownSending()
    #expect(try meeting.server.receiveAll() == Array("question".utf8))
    try meeting.server.send("answer")
    meeting.server.close()
    #expect(try meeting.client.receiveAll() == Array("answer".utf8))
  }

  @Test("a peer's reset is an error of receive and of sending, never a signal (R8, R9)")
  func reset() throws {
    let meeting = try Meeting()
    meeting.client.reset()
    #expect(throws: SystemError(call: "recv", errno: ECONNRESET)) {
      try meeting.server.receiveSome()
    }
    // The error is told once. From then on the connection has ended, and writing would be a SIGPIPE.
    #expect(try meeting.server.receiveSome() == [])
    #expect(throws: SystemError(call: "send", errno: EPIPE)) {
      try meeting.server.sendNow([[1]])
    }
    #expect(throws: SystemError(call: "send", errno: EPIPE)) { try meeting.server.send("x") }
    #expect(meeting.server.peerAddress == "unknown")
  }

  @Test("shutting down wakes the thread in receive, which gets 0 (R3)")
  func shuttingDown() throws {
    let meeting = try Meeting()
    try meeting.client.send("x")
    let seen = Monitor(0)
    let receiver = try Errand {
      while let some = try meeting.server.receiveSome(), !some.isEmpty {
        seen.withLock { $0 += some.count }
        seen.wakeAll()
      }
      return try meeting.server.receiveSome()
    }
    #expect(seen.wait(upTo: patience) { $0 == 1 ? $0 : nil } == 1)
    meeting.server.shutDown()
    #expect(try receiver.finish() == [])
    #expect(try meeting.client.receiveSome() == [])
    #expect(throws: SystemError(call: "send", errno: EPIPE)) {
      try meeting.server.sendNow([[1]])
    }
    meeting.server.shutDown()
  }

  @Test("what arrived before the shutdown can still be read")
  func readingAfterShutDown() throws {
    let meeting = try Meeting()
    try meeting.client.send("early")
    #expect(
      Readiness.wait(for: meeting.server.descriptor, Int32(POLLIN), limit: patience))
    meeting.server.shutDown()
    #expect(try meeting.server.receiveAll() == Array("early".utf8))
  }

  @Test(
    "receiving with a limit gives nil when nothing came",
    arguments: [.milliseconds(10), .nanoseconds(1), .zero, .seconds(-1)] as [Duration])
  func limit(limit: Duration) throws {
    let meeting = try Meeting()
    meeting.server.limitReceiving(to: limit)
    let isNothing = try Errand { try meeting.server.receiveSome() == nil }
    #expect(try isNothing.finish())
    try meeting.client.send("x")
    #expect(
      Readiness.wait(for: meeting.server.descriptor, Int32(POLLIN), limit: patience))
    #expect(try meeting.server.receiveSome() == [0x78])
  }

  @Test("a connection that is begun stands when it is writable without an error, and does not wait")
  func beginning() throws {
    let listener = try Listener.open(Endpoint(host: "127.0.0.1", port: 0))[0]
    let begun = try Socket.beginConnecting(to: listener.endpoint)
    #expect(Readiness.wait(for: begun.descriptor, Int32(POLLOUT), limit: patience))
    #expect(begun.connectionError == nil)
    #expect(try begun.receiveSome() == nil)
    let server = try #require(try listener.accept())
    try server.send("x")
    #expect(Readiness.wait(for: begun.descriptor, Int32(POLLIN), limit: patience))
    #expect(try begun.receiveSome() == [0x78])
  }

  @Test("a refused connection is an error in words")
  func refused() throws {
    let endpoint = try Self.deafEndpoint()
    let error = #expect(throws: NetworkError.self) { try Socket.connect(to: endpoint) }
    #expect(error?.description == "No connection to \(endpoint): Connection refused.")
    let begun = try Socket.beginConnecting(to: endpoint)
    #expect(Readiness.wait(for: begun.descriptor, Int32(POLLOUT), limit: patience))
    #expect(begun.connectionError == SystemError(call: "connect", errno: ECONNREFUSED))
  }

  @Test("a host that does not exist is an error in words")
  func unknownHost() throws {
    // No label of a name may be this long (RFC 1035 section 2.3.4), so nobody is asked.
    let host = String(repeating: "a", count: 300)
    let error = #expect(throws: NetworkError.self) {
      try Socket.connect(to: Endpoint(host: host, port: 1))
    }
    guard case .unknownHost(host, let reason) = error else {
      Issue.record("It was \(String(describing: error)).")
      return
    }
    #expect(error?.description == "The host \(host) was not found: \(reason).")
    #expect(!reason.isEmpty)
  }

  @Test("a connection that nobody takes is given up, in words")
  func unanswered() throws {
    let listener = try Listener.open(Endpoint(host: "127.0.0.1", port: 0), backlog: 0)[0]
    var waiting: [Socket] = []
    let error = #expect(throws: NetworkError.self) {
      // The first few fill the listener's queue.
      for _ in 0..<64 {
        waiting.append(try Socket.connect(to: listener.endpoint, limit: .milliseconds(300)))
      }
    }
    #expect(error?.description == "No connection to \(listener.endpoint): Connection timed out.")
  }

  @Test("what was sent last is not lost to input that nobody read (R8)")
  func draining() throws {
    let meeting = try Meeting()
    try meeting.client.send(String(repeating: "unread", count: 10_000))
    let ending = try Errand {
      try meeting.server.send("ERROR :Bye\r\n")
      meeting.server.drainAfterEnd(limit: patience)
      meeting.server.close()
      return true
    }
    #expect(try meeting.client.receiveAll() == Array("ERROR :Bye\r\n".utf8))
    meeting.client.close()
    #expect(try ending.finish())
  }

  @Test(
    "draining ends when its limit has passed, whatever the peer does",
    arguments: [.milliseconds(20), .zero, .seconds(-1)] as [Duration])
  func drainingLimit(limit: Duration) throws {
    let meeting = try Meeting()
    let ending = try Errand {
      meeting.server.drainAfterEnd(limit: limit)
      return true
    }
    #expect(try ending.finish())
    #expect(try meeting.client.receiveSome() == [])
  }

  @Test("closing twice does not close the next one that got the number (R4)")
  func closingTwice() async {
    // In a process of its own, where nobody else takes the number.
    await #expect(processExitsWith: .success) {
      settleDescriptors()
      let first = try Meeting()
      let second = try Listener.open(Endpoint(host: "127.0.0.1", port: 0))[0]
      first.client.close()
      let client = try Socket.connect(to: second.endpoint, limit: patience)
      #expect(client.descriptor == first.client.descriptor)
      first.client.close()
      try client.send("x")
      #expect(try second.accept()?.receiveSome() == [0x78])
    }
  }

  @Test("a small line does not wait for the acknowledgement of the last (TCP_NODELAY)")
  func noDelay() throws {
    let meeting = try Meeting()
    for socket in [meeting.client, meeting.server] {
      var value: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      getsockopt(socket.descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &value, &size)
      #expect(value != 0)
    }
  }

  /// An endpoint where nobody listens, though somebody just did.
  private static func deafEndpoint() throws -> Endpoint {
    let listener = try Listener.open(Endpoint(host: "127.0.0.1", port: 0))[0]
    listener.stop()
    return listener.endpoint
  }
}
