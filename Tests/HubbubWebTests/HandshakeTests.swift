import IRCWire
import Testing

@testable import HubbubWeb

@Suite("The handshake")
struct HandshakeTests {
  private let door = DoorRules(names: ["irc.example"], origins: ["https://chat.example"])
  private static let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="

  private func handshake(
    _ fields: String..., host: String = "irc.example", key: String = key, version: String = "13",
    first: String = "GET /irc HTTP/1.1"
  ) -> Result<WebSocketHandshake, WebSocketHandshake.Refused> {
    let lines =
      [
        first, "Host: \(host)", "Upgrade: WebSocket", "Connection: keep-alive, Upgrade", key,
        "Sec-WebSocket-Version: \(version)",
      ] + fields
    let bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    guard let request = parsed(bytes).request else { fatalError("No request: \(lines)") }
    return Result { () throws(WebSocketHandshake.Refused) in
      try WebSocketHandshake(request, speaking: [.text, .binary], door: door)
    }
  }

  private func status(_ result: Result<WebSocketHandshake, WebSocketHandshake.Refused>) -> Int {
    switch result {
    case .success(let handshake): handshake.response.status.rawValue
    case .failure(let refused): refused.response.status.rawValue
    }
  }

  // RFC 6455 section 1.3: "the value concatenated … this would result in …
  // s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
  @Test("the key is answered as the specification's example is")
  func accept() throws {
    let fields = try handshake().get().response.fields
    #expect(fields["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    #expect(fields["Upgrade"] == "websocket" && fields["Connection"] == "Upgrade")
    #expect(fields["Sec-WebSocket-Protocol"] == nil)
  }

  @Test("the client's first subprotocol that is known is spoken, and text where it names none")
  func subprotocols() throws {
    #expect(try handshake().get().subprotocol == .text)
    let offer = "Sec-WebSocket-Protocol: x, binary.ircv3.net, text.ircv3.net"
    let chosen = try handshake(offer).get()
    #expect(chosen.subprotocol == .binary)
    #expect(chosen.response.fields["Sec-WebSocket-Protocol"] == "binary.ircv3.net")
    #expect(status(handshake("Sec-WebSocket-Protocol: x, hubbub.live")) == 400)
  }

  @Test("what is no handshake is refused with what it lacks")
  func refusals() throws {
    #expect(status(handshake(version: "8")) == 426)
    if case .failure(let refused) = handshake(version: "8") {
      #expect(refused.response.fields["Sec-WebSocket-Version"] == "13")
    }
    for key in [
      "x: y", "Sec-WebSocket-Key: dGhlIHNhbXBsZQ==", "Sec-WebSocket-Key: ", "\(Self.key)x",
      "Sec-WebSocket-Key: !GhlIHNhbXBsZSBub25jZQ==", "\(Self.key)\r\n\(Self.key)",
    ] { #expect(status(handshake(key: key)) == 400, "\(key)") }
    #expect(status(handshake(first: "POST /irc HTTP/1.1")) == 405)
    let plain = request("GET /irc HTTP/1.1", "Host: irc.example")
    #expect(throws: WebSocketHandshake.Refused.self) {
      try WebSocketHandshake(plain, speaking: [.text], door: door)
    }
  }

  @Test(
    "a host is known by its name, or is an address, or this machine",
    arguments: [
      ("irc.example", 101), ("IRC.Example:8080", 101), ("127.0.0.1:8080", 101), ("[::1]:8080", 101),
      ("192.0.2.7", 101), ("localhost:8080", 101), ("chat.localhost", 101), ("evil.example", 421),
      ("irc.example.evil.example", 421), ("irc.example:x", 421), ("", 421), ("[::1", 421),
      ("a b", 421), ("127.0.0.1.evil.example", 421), ("user@irc.example", 421),
    ])
  func hosts(host: String, expected: Int) { #expect(status(handshake(host: host)) == expected) }

  @Test(
    "an origin is the host's own, or listed, or absent",
    arguments: [
      ("http://irc.example", "irc.example", 101), ("https://irc.example", "irc.example", 101),
      ("https://irc.example:443", "irc.example", 101),
      ("http://irc.example:8080", "irc.example:8080", 101),
      ("http://irc.example:8080", "irc.example", 403),
      ("http://irc.example", "irc.example:8080", 403),
      ("https://chat.example", "irc.example", 101), ("http://chat.example", "irc.example", 403),
      ("https://evil.example", "irc.example", 403), ("null", "irc.example", 403),
      ("http://[::1]:8080", "[::1]:8080", 101), ("file://", "irc.example", 403),
      ("http://irc.example.evil.example", "irc.example", 403),
    ])
  func origins(origin: String, host: String, expected: Int) {
    #expect(status(handshake("Origin: \(origin)", host: host)) == expected)
  }

  @Test("two origins are one too many, and a star lets every page in")
  func moreOrigins() {
    #expect(status(handshake("Origin: http://irc.example", "Origin: http://irc.example")) == 403)
    let open = DoorRules(names: [], origins: ["*"])
    #expect(open.refusal(of: request("GET / HTTP/1.1", "Host: localhost", "Origin: null")) == nil)
  }
}

@Suite("ForwardedClient")
struct ForwardedClientTests {
  private let trusted = ["10.0.0.0/8", "2001:db8::1"].compactMap { AddressRange($0) }

  @Test(
    "the client is the first from the right that is no proxy of ours",
    arguments: [
      ("192.0.2.1", ["1.1.1.1"], "192.0.2.1"), ("10.0.0.1", [], "10.0.0.1"),
      ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
      ("10.0.0.1", ["6.6.6.6, 198.51.100.7"], "198.51.100.7"),
      ("10.0.0.1", ["6.6.6.6", "198.51.100.7, 10.2.3.4"], "198.51.100.7"),
      ("10.0.0.1", ["10.9.9.9"], "10.9.9.9"), ("10.0.0.1", ["unknown"], "10.0.0.1"),
      ("10.0.0.1", ["198.51.100.7, unknown, 10.2.3.4"], "10.2.3.4"),
      ("10.0.0.1", ["198.51.100.7:4711"], "198.51.100.7"),
      ("2001:db8::1", ["[2001:DB8::7]:80"], "2001:db8::7"),
      ("2001:db8::1", ["2001:db8:0::8"], "2001:db8::8"),
    ] as [(String, [String], String)])
  func addresses(peer: String, forwarded: [String], address: String) {
    var fields = HTTPFields()
    for value in forwarded { fields.append("x-forwarded-for", value) }
    let client = ForwardedClient(peer: peer, fields, trusted: trusted)
    #expect(client.address == address)
    #expect(client.isForwarded == (address != peer))
  }

  @Test("only a trusted proxy's word makes a connection secure, and its last one")
  func secure() {
    let secure: HTTPFields = ["X-Forwarded-Proto": "https"]
    #expect(ForwardedClient(peer: "10.0.0.1", secure, trusted: trusted).isSecure)
    #expect(!ForwardedClient(peer: "192.0.2.1", secure, trusted: trusted).isSecure)
    let claimed: HTTPFields = ["X-Forwarded-Proto": "https, http"]
    #expect(!ForwardedClient(peer: "10.0.0.1", claimed, trusted: trusted).isSecure)
  }
}
