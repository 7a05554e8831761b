import Glibc
import HubbubDial
import HubbubSockets
import HubbubThreads
import IRCWire
import Testing

@testable import HubbubServer

/// What a web port answers to requests.
@Suite("web door") struct WebDoorTests {
  /// Sends bytes as they are, and reads to the end of the connection.
  private static func talk(_ text: String, to endpoint: Endpoint, halt: Bool = true) throws
    -> String
  {
    let socket = try Socket.connect(to: endpoint)
    defer { socket.close() }
    socket.limitReceiving(to: ScriptedClient.patience)
    try Array(text.utf8).withUnsafeBytes { try socket.sendAll($0) }
    if halt { socket.shutDownSending() }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    while let count = try buffer.withUnsafeMutableBytes({ try socket.receive(into: $0) }),
      count > 0
    {
      answer += buffer[..<count]
    }
    return String(decoding: answer, as: UTF8.self)
  }

  private static func get(
    _ path: String, _ fields: [String] = [], from endpoint: Endpoint
  ) throws -> String {
    let head = ["GET \(path) HTTP/1.1", "Host: 127.0.0.1"] + fields
    return try talk(head.joined(separator: "\r\n") + "\r\n\r\n", to: endpoint)
  }

  private static func status(_ answer: String) -> Int? {
    answer.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  }

  @Test("the page comes with what protects it, is known by its tag, and its files are for good")
  func page() throws {
    let server = try TestServer.withWeb { $0.lobby = "#tea" }
    let page = try Self.get("/", from: server.web)
    #expect(page.hasPrefix("HTTP/1.1 200 OK\r\n") && page.contains("data-lobby=\"#tea\""))
    for field in [
      "Content-Type: text/html; charset=utf-8", "Content-Security-Policy: default-src 'none'",
      "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "Cache-Control: no-cache",
    ] { #expect(page.contains("\r\n\(field)"), "\(field)") }
    #expect(!page.contains("Strict-Transport-Security"))
    let tag = try #require(
      page.split(separator: "\r\n").first { $0.hasPrefix("ETag: ") }?.dropFirst(6))
    let known = try Self.get("/", ["If-None-Match: \(tag)"], from: server.web)
    #expect(Self.status(known) == 304 && known.hasSuffix("\r\n\r\n"))
    let script = try #require(page.split(separator: "\"").first { $0.hasSuffix("/view.js") })
    let file = try Self.get(String(script), ["Accept-Encoding: gzip"], from: server.web)
    #expect(file.contains("immutable") && file.contains("Content-Encoding: gzip"))
    #expect(try Self.get("/dashboard", from: server.web).hasPrefix("HTTP/1.1 200 "))
  }

  @Test("several requests come over one connection, also when they come at once")
  func pipeline() throws {
    let server = try TestServer.withWeb()
    let one = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    let answer = try Self.talk(one + one + one, to: server.web)
    #expect(answer.split(separator: "HTTP/1.1 200 OK").count == 3)
    #expect(answer.split(separator: "\r\n\r\nok\n", omittingEmptySubsequences: false).count == 4)
  }

  @Test(
    "what cannot be answered is told why",
    arguments: [
      (404, "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"),
      (405, "DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
      (405, "POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx"),
      (405, "POST /irc HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"),
      (400, "NICK ann\r\nUSER ann 0 * :ann\r\n"), (400, "\u{16}\u{3}\u{1}"),
      (400, "TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
      (400, "GET / HTTP/1.1\r\n\r\n"),
      (
        400,
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
      ),
      (505, "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"),
      (
        431,
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "x", count: 9000))\r\n\r\n"
      ),
      (414, "GET /\(String(repeating: "x", count: 9000))"),
      (421, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
      (403, "GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n\r\n"),
      (426, "GET /irc HTTP/1.1\r\nHost: localhost\r\n\r\n"),
      (400, WebClient.handshake("unknown.example")),
      (421, WebClient.handshake(nil).replacing("Host: 127.0.0.1", with: "Host: evil.example")),
      (403, WebClient.handshake(nil, ["Origin: https://evil.example"])),
      (426, WebClient.handshake(nil).replacing("Version: 13", with: "Version: 8")),
    ])
  func refusals(status: Int, request: String) throws {
    let server = try TestServer.withWeb()
    let answer = try Self.talk(request, to: server.web)
    #expect(Self.status(answer) == status, "\(answer.prefix(80))")
    let body = try #require(answer.split(separator: "\r\n\r\n").last)
    #expect(body.hasSuffix(".\n"), "no sentence: \(body)")
    // Nothing of it is repeated, and nobody else notices.
    #expect(!answer.contains("evil") && !answer.contains("xxxx"))
    #expect(Self.status(try Self.get("/healthz", from: server.web)) == 200)
  }

  @Test("a name and an origin that the settings list are let in, at once after a reload")
  func listed() throws {
    let server = try TestServer.withWeb {
      $0.webNames = ["chat.example"]
      $0.webOrigins = ["https://other.example"]
    }
    let request = WebClient.handshake(nil, ["Origin: https://other.example"])
    let answer = try Self.talk(
      request.replacing("Host: 127.0.0.1", with: "Host: Chat.Example:80"), to: server.web)
    #expect(Self.status(answer) == 101)
    var configuration = server.server.hub.configuration
    configuration.webOrigins = []
    server.server.hub.current.replace(with: configuration)
    #expect(Self.status(try Self.talk(request, to: server.web)) == 403)
  }

  @Test("half a request is waited for no longer than it may take")
  func slow() throws {
    let server = try TestServer.withWeb { $0.limits.webHead = .milliseconds(50) }
    let answer = try Self.talk("GET / HTTP/1.1\r\nHost: lo", to: server.web, halt: false)
    #expect(Self.status(answer) == 408)
    // Who says nothing at all is told nothing.
    #expect(try Self.talk("", to: server.web, halt: false) == "")
  }

  @Test("visitors beyond the limits are told so at once, and who chats does not count")
  func visitors() throws {
    let server = try TestServer.withWeb {
      $0.limits.webVisitors = 2
      $0.limits.webHead = .seconds(600)
    }
    let ann = try server.webClient("ann")
    let silent = try (0..<2).map { _ in try Socket.connect(to: server.web) }
    while server.server.hub.visitors.count < 2 { sched_yield() }
    #expect(Self.status(try Self.talk("", to: server.web, halt: false)) == 503)
    #expect(try ann.ask("PING x").commands == ["PONG"])
    for socket in silent { socket.close() }
    while server.server.hub.visitors.count > 0 { sched_yield() }
    #expect(Self.status(try Self.get("/healthz", from: server.web)) == 200)
  }

  @Test("one address is not let in often at the same time, nor heard often, unless it is free")
  func addresses() throws {
    let server = try TestServer.withWeb {
      $0.classes = []
      $0.limits.webVisitorsPerAddress = 1
      $0.limits.webRequests = 2
      $0.limits.webRequestsPerSecond = 1
      $0.limits.webHead = .seconds(600)
    }
    let silent = try Socket.connect(to: server.web)
    while server.server.hub.visitors.count < 1 { sched_yield() }
    let refusal = try Self.talk("", to: server.web, halt: false)
    #expect(Self.status(refusal) == 503 && refusal.contains("from your address"))
    silent.close()
    while server.server.hub.visitors.count > 0 { sched_yield() }
    let one = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    let answer = try Self.talk(String(repeating: one, count: 20), to: server.web)
    #expect(answer.contains("HTTP/1.1 429 ") && answer.contains("Retry-After: 1"))
  }

  @Test("a port with TLS speaks it, asks for no certificate, and tells others so")
  func secure() throws {
    let identity = try TLSIdentity.selfSigned(names: ["localhost", "127.0.0.1"])
    let server = try TestServer {
      $0.secureWebEndpoints = [Endpoint(host: "127.0.0.1", port: 0)]
      $0.tls = TLSSettings(identity: identity)
    }
    let context = try TLSContext(client: .pin(identity.fingerprint), identity: identity)
    let ann = try WebClient(server.web, tls: context)
    try ann.register("ann")
    #expect(try ann.ask("WHOIS ann").commands.contains("671"))
    #expect(server.server.hub.registry.member(named: "ann")?.profile.certificateFingerprint == nil)
    let answer = try Self.talk("GET / HTTP/1.1\r\n\r\n", to: server.web)
    #expect(Self.status(answer) == 400 && answer.contains("https://"))
  }

  @Test("whoever stops the server waits for no visitor")
  func stop() throws {
    let server = try TestServer.withWeb {
      $0.limits.webHead = .seconds(600)
      $0.limits.webIdle = .seconds(600)
    }
    let silent = try Socket.connect(to: server.web)
    let half = try Socket.connect(to: server.web)
    try Array("GET /".utf8).withUnsafeBytes { try half.sendAll($0) }
    while server.server.hub.visitors.count < 2 { sched_yield() }
    server.stop()
    #expect(server.server.hub.visitors.count == 0)
    silent.close()
  }

  @Test("while it stops, the server is not ready")
  func readiness() throws {
    let server = try TestServer.withWeb()
    #expect(Self.status(try Self.get("/readyz", from: server.web)) == 200)
    server.server.hub.health.isReady.store(false, ordering: .relaxed)
    #expect(Self.status(try Self.get("/readyz", from: server.web)) == 503)
    server.server.hub.health.noteStuck(Moment.now)
    #expect(Self.status(try Self.get("/healthz", from: server.web)) == 503)
  }
}
