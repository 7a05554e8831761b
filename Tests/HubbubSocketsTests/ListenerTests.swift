import Glibc
import HubbubThreads
import Testing

@testable import HubbubSockets

@Suite("Listener")
struct ListenerTests {
  private func meet(host: String) throws {
    let meeting = try Meeting(host: host)
    #expect(meeting.listener.endpoint.host == host)
    #expect(meeting.listener.endpoint.port != 0)
    #expect(meeting.client.peerAddress == host)
    #expect(meeting.server.peerAddress == host)
    #expect(meeting.server.localEndpoint == meeting.listener.endpoint)
    #expect(meeting.client.localEndpoint.host == host)
    try meeting.client.send("to the server")
    #expect(try meeting.server.receiveSome() == Array("to the server".utf8))
    try meeting.server.send("to the client")
    #expect(try meeting.client.receiveSome() == Array("to the client".utf8))
  }

  @Test("on port 0 the system chooses a port, where others can connect")
  func overIPv4() throws { try meet(host: "127.0.0.1") }

  @Test(
    "over IPv6 too", .enabled(if: hasIPv6, "The loopback of this machine has no IPv6 address."))
  func overIPv6() throws { try meet(host: "::1") }

  @Test(
    "a name is listened to on all its addresses, each by itself", arguments: ["localhost", "*"])
  func allAddresses(host: String) throws {
    let listeners = try Listener.open(Endpoint(host: host, port: 0))
    #expect(!listeners.isEmpty)
    for listener in listeners {
      let client = try Socket.connect(to: listener.endpoint, limit: patience)
      #expect(try listener.accept()?.localEndpoint == client.peer)
    }
  }

  @Test("a family that the machine lacks is passed over, wherever it stands in the list")
  func missingFamily() throws {
    let endpoint = Endpoint(host: "127.0.0.1", port: 0)
    let there = try Resolution.addresses(of: endpoint, forListening: true)
    // No machine has the family 254; sockets of it fail with EAFNOSUPPORT, as of IPv6 where that is missing.
    let missing = Resolution.Address(family: 254, bytes: there[0].bytes)
    for addresses in [there + [missing], [missing] + there] {
      let listeners = try Listener.open(endpoint, on: addresses)
      #expect(listeners.map(\.endpoint.host) == ["127.0.0.1"])
    }
    #expect(
      throws: NetworkError.cannotListen(
        endpoint, SystemError(call: "socket", errno: EAFNOSUPPORT))
    ) { try Listener.open(endpoint, on: [missing]) }
  }

  @Test(
    "a port can be listened on again at once, while old connections are still open (SO_REUSEADDR)")
  func again() throws {
    let old = try Meeting()
    let ended = try Socket.connect(to: old.listener.endpoint, limit: patience)
    // This one is left in FIN_WAIT2, and then TIME_WAIT, on the server's port.
    try old.listener.accept()?.close()
    #expect(try ended.receiveSome() == [])
    let endpoint = old.listener.endpoint
    let (client, server) = (old.client, old.server)
    try Self.drop(old.listener, reopen: endpoint)
    try client.send("still here")
    #expect(try server.receiveSome() == Array("still here".utf8))
  }

  private static func drop(_ listener: Listener, reopen endpoint: Endpoint) throws {
    listener.stop()
    let reopened = try Listener.open(endpoint)[0]
    let client = try Socket.connect(to: endpoint, limit: patience)
    #expect(try reopened.accept()?.peerAddress == "127.0.0.1")
    client.close()
  }

  @Test("a port that is taken is refused in words")
  func taken() throws {
    let listener = try Listener.open(Endpoint(host: "127.0.0.1", port: 0))[0]
    let error = #expect(throws: NetworkError.self) { try Listener.open(listener.endpoint) }
    #expect(
      error?.description == "Cannot listen on \(listener.endpoint): Address already in use.")
  }

  @Test("an address that is not ours is refused in words")
  func foreign() {
    // 192.0.2.0/24 is for documentation (RFC 5737).
    let endpoint = Endpoint(host: "192.0.2.1", port: 0)
    let error = #expect(throws: NetworkError.self) { try Listener.open(endpoint) }
    #expect(
      error?.description == "Cannot listen on 192.0.2.1:0: Cannot assign requested address.")
  }

  /// acceptor                    main
  /// accepts the first
  ///                             sees that
  /// waits in accept             stop()
  /// gets nil
  @Test("stopping wakes the thread in accept, and whoever asks later gets nil at once")
  func stopping() throws {
    let listener = try Listener.open(Endpoint(host: "127.0.0.1", port: 0))[0]
    let count = Monitor(0)
    let acceptor = try Errand {
      while let socket = try listener.accept() {
        socket.close()
        count.withLock { $0 += 1 }
        count.wakeAll()
      }
      return true
    }
    let client = try Socket.connect(to: listener.endpoint, limit: patience)
    #expect(count.wait(upTo: patience) { $0 == 1 ? $0 : nil } == 1)
    listener.stop()
    #expect(try acceptor.finish())
    listener.stop()
    #expect(try listener.accept() == nil)
    client.close()
    #expect(throws: NetworkError.self) { try Socket.connect(to: listener.endpoint) }
  }

  @Test(
    "without descriptors accept fails with EMFILE, and the connection waits for better times (L3)")
  func noDescriptors() async {
    await #expect(processExitsWith: .success) {
      settleDescriptors()
      let listener = try Listener.open(Endpoint(host: "127.0.0.1", port: 0))[0]
      let client = try Socket.connect(to: listener.endpoint, limit: patience)
      limitDescriptors(toThoseOpenAnd: 0)
      #expect(throws: SystemError(call: "accept", errno: EMFILE)) { try listener.accept() }
      #expect(throws: SystemError(call: "accept", errno: EMFILE)) { try listener.accept() }
      DescriptorLimit.raise()
      #expect(try listener.accept()?.localEndpoint.port == listener.endpoint.port)
      client.close()
    }
  }

  @Test("every descriptor is closed when another program is started")
  func closeOnExec() throws {
    let meeting = try Meeting()
    for descriptor in [meeting.client.descriptor, meeting.server.descriptor] {
      #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC == FD_CLOEXEC)
    }
  }
}

extension Socket {
  /// Where the other side is, with its port.
  fileprivate var peer: Endpoint { Self.name(descriptor, getpeername) }
}
