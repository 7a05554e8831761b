import HubbubDial
import HubbubSockets
import HubbubThreads
import IRCWire
import Testing

@testable import HubbubServer

/// Clients that come through a proxy (PROXY protocol).
@Suite struct ProxyTests {
  private static let anyPort = Endpoint(host: "127.0.0.1", port: 0)

  private static func server(_ change: (inout Configuration) -> Void = { _ in }) throws
    -> TestServer
  {
    try TestServer {
      // Else they are hidden: whoever comes by a proxy may come from anywhere.
      $0.cloaks = false
      $0.proxiedEndpoints = [anyPort]
      $0.proxies = ["127.0.0.1"]
      change(&$0)
    }
  }

  private static func door(_ server: TestServer, isSecure: Bool = false) -> Endpoint {
    server.server.endpoints(Door.Kind(isSecure: isSecure, isForProxies: true))[0]
  }

  private static func line(_ address: String) -> [UInt8] {
    let isIPv6 = address.contains(":")
    let (family, other) = isIPv6 ? ("TCP6", "::1") : ("TCP4", "192.0.2.1")
    return Array("PROXY \(family) \(address) \(other) 40000 6667\r\n".utf8)
  }

  private static func binary(_ command: UInt8, _ family: UInt8, _ payload: [UInt8]) -> [UInt8] {
    Array("\r\n\r\n\0\r\nQUIT\n".utf8) + [command, family, 0, UInt8(payload.count)] + payload
  }

  private static func connect(_ server: TestServer, _ header: [UInt8]) throws -> ScriptedClient {
    let client = ScriptedClient(try LineConnection.open(door(server)))
    try client.connection.send(bytes: header)
    return client
  }

  private static func client(
    _ server: TestServer, _ nickname: String, from address: String
  ) throws -> ScriptedClient {
    let client = try connect(server, line(address))
    try client.send("NICK \(nickname)", "USER u 0 * :r")
    try client.expect("422")
    return client
  }

  private static func reason(_ client: ScriptedClient) throws -> String {
    try client.readToEnd().last?.parameters.first ?? "no last words"
  }

  @Test(
    "who comes by a proxy is shown with the address that the proxy says",
    arguments: [("192.0.2.77", "192.0.2.77"), ("2001:db8::7", "2001:db8::7"), ("::7", "0::7")])
  func host(address: String, shown: String) throws {
    let server = try Self.server()
    let client = try Self.connect(server, Self.line(address))
    try client.send("NICK prx", "USER u 0 * :r")
    let welcome = try client.expect("001")
    #expect(welcome.parameters.last?.hasSuffix("prx!~u@\(shown)") == true)
    let whois = try client.ask("WHOIS prx")
    #expect(whois.first { $0.command == "338" }?.parameters.contains(shown) == true)
    #expect(
      server.log.waitForLine(containing: "by proxy", "from=\(shown)", "proxy=127.0.0.1") != nil)
  }

  @Test("a header of version 2 does the same, and says whether the client has TLS with the proxy")
  func versionTwo() throws {
    let server = try Self.server()
    let address: [UInt8] = [192, 0, 2, 77, 192, 0, 2, 1, 1, 2, 3, 4]
    for (extras, isSecure) in [([], false), ([0x20, 0, 5, 1, 0, 0, 0, 0], true)]
      as [([UInt8], Bool)]
    {
      let client = try Self.connect(server, Self.binary(0x21, 0x11, address + extras))
      let name = isSecure ? "ann" : "bob"
      try client.send("NICK \(name)", "USER u 0 * :r")
      #expect(try client.expect("001").parameters.last?.hasSuffix("@192.0.2.77") == true)
      try client.expect("422")
      #expect(try client.ask("WHOIS \(name)").commands.contains("671") == isSecure)
    }
  }

  @Test("the header stands before the handshake where the port is for TLS")
  func secure() throws {
    let identity = try TLSIdentity.selfSigned(names: ["localhost"])
    let server = try Self.server {
      $0.tls = TLSSettings(identity: identity)
      $0.proxiedSecureEndpoints = [Self.anyPort]
    }
    let socket = try Socket.connect(to: Self.door(server, isSecure: true))
    try Self.line("192.0.2.77").withUnsafeBytes { try socket.sendAll($0) }
    let session = try TLSSession(
      connecting: socket, to: "127.0.0.1", TLSContext(client: .pin(identity.fingerprint)))
    try session.handshake(limit: .seconds(30))
    let stream = ByteStream(socket, session: session)
    try Array("NICK ann\r\nUSER u 0 * :r\r\nWHOIS ann\r\n".utf8).withUnsafeBytes {
      try stream.sendAll($0)
    }
    var seen = ""
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    while !seen.contains(" 318 ") {
      let count = try buffer.withUnsafeMutableBytes {
        try stream.receive(into: $0, within: ScriptedClient.patience)
      }
      let bytes = try #require(count)
      try #require(bytes > 0)
      seen += String(decoding: buffer[..<bytes], as: UTF8.self)
    }
    #expect(seen.contains("ann!~u@192.0.2.77"))
    #expect(seen.contains(" 671 "))
  }

  @Test(
    "a check of the server's health, or of whom the proxy knows nothing, keeps the proxy's own address",
    arguments: [
      Array("PROXY UNKNOWN\r\n".utf8), Array("PROXY UNKNOWN ::7 ::1 1 2\r\n".utf8),
      binary(0x20, 0, []), binary(0x21, 0, []),
    ] as [[UInt8]])
  func health(header: [UInt8]) throws {
    let server = try Self.server()
    let client = try Self.connect(server, header)
    try client.send("NICK ann", "USER u 0 * :r")
    #expect(try client.expect("001").parameters.last?.hasSuffix("@127.0.0.1") == true)
  }

  @Test(
    "what is no header where one must be ends the connection in words, and nobody else notices",
    arguments: [
      "NICK ann\r\nUSER u 0 * :r\r\n", "PROXY TCP4 192.0.2.77\r\n", "GET / HTTP/1.1\r\n\r\n",
      "PROXY TCP4 " + String(repeating: "1", count: 4000),
      "\r\n\r\n\0\r\nQUIT\n\u{21}\u{11}\u{FF}\u{FF}",
    ])
  func malformed(text: String) throws {
    let server = try Self.server()
    let bob = try Self.client(server, "bob", from: "192.0.2.9")
    let client = try Self.connect(server, Array(text.utf8))
    #expect(try Self.reason(client).contains("Not a PROXY header"))
    #expect(server.log.waitForLine(containing: "proxy refused", "Not a PROXY header") != nil)
    #expect(try bob.messagesUntilNow() == [])
    #expect(server.log.find { $0.contains("nick=ann") } == nil)
  }

  @Test("a header that does not come in time ends the connection in words")
  func late() throws {
    let server = try Self.server { $0.limits.proxyHeader = .milliseconds(50) }
    let client = try Self.connect(server, Array("PROXY TCP4 19".utf8))
    #expect(try Self.reason(client).contains("too late"))
  }

  @Test("a proxy is not greeted before its header, and a silent person behind it is after it")
  func greeting() throws {
    let server = try Self.server { $0.limits.greeting = .milliseconds(10) }
    let client = try Self.connect(server, Array("PROXY TCP4 192.0.2.7".utf8))
    // Who comes later to another door is greeted meanwhile.
    try server.connect().expect("NOTICE")
    #expect(throws: SystemError.self) {
      try client.connection.receive(within: .milliseconds(1))
    }
    try client.connection.send(bytes: Array(" 192.0.2.1 1 2\r\n".utf8))
    try client.expect("NOTICE")
  }

  @Test("a server that stops waits for no header")
  func stopping() throws {
    let server = try Self.server { $0.limits.proxyHeader = .seconds(60) }
    let client = try Self.connect(server, Array("PROXY TCP4 19".utf8))
    while server.server.hub.clients.connectedCount == 0 {}
    server.stop()
    #expect(try client.readToEnd().count <= 1)
  }

  @Test(
    "a header at a port that takes none is told so and ended",
    arguments: [line("192.0.2.77"), binary(0x21, 0x11, [192, 0, 2, 77, 192, 0, 2, 1, 1, 2, 3, 4])]
      as [[UInt8]])
  func notAskedFor(header: [UInt8]) throws {
    let server = try Self.server()
    let client = try server.connect()
    try client.connection.send(bytes: header + Array("NICK ann\r\nUSER u 0 * :r\r\n".utf8))
    #expect(try Self.reason(client).contains("This port takes no PROXY header"))
  }

  @Test("who is no proxy is told so at the port for proxies, and its header is not read")
  func notListed() throws {
    let server = try Self.server { $0.proxies = ["192.0.2.0/24", "::1"] }
    let client = try Self.connect(server, Self.line("192.0.2.77"))
    // What it has sent and nobody read may cost it the words.
    _ = try? client.readToEnd()
    let words = "This port is for the proxies of this server"
    #expect(server.log.waitForLine(containing: "refused", "from=127.0.0.1", words) != nil)
    #expect(server.log.find { $0.contains("192.0.2.77") } == nil)
  }

  // MARK: Limits and bans

  @Test("limits of addresses are those of the clients, and never the proxy's")
  func limits() throws {
    let server = try Self.server {
      $0.classes = []
      $0.limits.clientsPerAddress = 2
      $0.limits.clientsPerNetwork = 3
    }
    let first = try Self.client(server, "a1", from: "192.0.2.1")
    // They stay to the end.
    var clients = [try Self.client(server, "a2", from: "192.0.2.1")]
    let third = try Self.connect(server, Self.line("192.0.2.1"))
    #expect(try Self.reason(third).contains("Too many connections from your address"))
    for number in 1...4 {
      clients.append(try Self.client(server, "b\(number)", from: "198.51.\(number).7"))
    }
    clients.append(try Self.client(server, "a3", from: "192.0.2.2"))
    let network = try Self.connect(server, Self.line("192.0.2.3"))
    #expect(try Self.reason(network).contains("Too many connections from your network"))
    try first.send("QUIT")
    _ = try first.readToEnd()
    while (try? Self.client(server, "a4", from: "192.0.2.1")) == nil {}
  }

  @Test("classes and throttles are the client's, though the proxy is on the server's own machine")
  func classes() throws {
    let server = try Self.server {
      $0.limits.burstLines = 8
      $0.limits.linesPerSecond = 100
    }
    let ann = try Self.client(server, "ann", from: "192.0.2.7")
    for number in 1...20 { try ann.send("PING \(number)") }
    let answers = try ann.read { $0.parameters.last == "20" }
    #expect(answers.contains { $0.parameters.last?.contains("nothing is lost") == true })
  }

  @Test("a ban of the client's address concerns it and nobody else who comes by the proxy")
  func bans() throws {
    let server = try Self.server {
      $0.operators = [OperatorAccount(name: "ann", passwordHash: SettingsTests.hash)]
    }
    let ann = try server.client("ann")
    _ = try ann.ask("OPER ann secret")
    let bob = try Self.client(server, "bob", from: "192.0.2.7")
    let cem = try Self.client(server, "cem", from: "198.51.100.1")
    _ = try ann.ask("DLINE 192.0.2.0/24 :out")
    _ = try bob.readToEnd()
    #expect(try cem.ask("PING x").commands == ["PONG"])
    let again = try Self.connect(server, Self.line("192.0.2.8"))
    #expect(try Self.reason(again).contains("Your address is banned"))
    // The proxy itself is nobody whom a ban could concern.
    _ = try ann.ask("DLINE 127.0.0.0/8 :local people out")
    _ = try Self.client(server, "dan", from: "198.51.100.2")
  }
}
