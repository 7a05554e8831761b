import Testing

@testable import HubbubWeb

@Suite("HTTPRequestParser")
struct HTTPRequestParserTests {
  @Test("a request of a browser is read, wherever its bytes are cut")
  func browser() throws {
    let bytes = head(
      "GET /a%20b/%C3%A9?q=one+two&flag HTTP/1.1", "Host: irc.example:8080",
      "Accept-Encoding: gzip, deflate", "accept-encoding:br", "X-Empty:", "X-Blank: \t a b \t")
    let behind = Array("GET / HTTP".utf8)
    for size in 1...bytes.count {
      let (state, taken) = parsed(bytes + behind, pieces: size)
      let request = try #require(state.request)
      #expect(taken == bytes.count, "Pieces of \(size)")
      #expect(request.method == "GET")
      #expect(request.target.path == "/a%20b/%C3%A9")
      #expect(request.target.segments == ["a b", "é"])
      #expect(request.target.queryValue("q") == "one two")
      #expect(request.target.queryValue("flag") == "")
      #expect(request.host == "irc.example:8080")
      #expect(request.fields.list("ACCEPT-encoding") == ["gzip", "deflate", "br"])
      #expect(request.fields["x-empty"] == "")
      #expect(request.fields["x-blank"] == "a b")
      #expect(request.body == .none && request.keepsAlive)
    }
  }

  @Test("an empty line before the request is ignored")
  func emptyLine() {
    #expect(parsed(Array("\r\n\r\n".utf8) + head("GET / HTTP/1.1", "Host: a")).request != nil)
  }

  @Test(
    "what two readers could read in two ways is refused",
    arguments: [
      // RFC 9112 section 2.2: "a bare CR … MUST consider that element to be invalid"
      "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n",
      "GET / HTTP/1.1\nHost: a\n\n",
      "GET / HTTP/1.1\r\nHost: a\n\r\n",
      // Section 5.1: "A server MUST reject … any received request message that contains whitespace
      // between a header field name and colon"
      "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
      // Section 5.2: folded lines
      "GET / HTTP/1.1\r\nHost: a\r\nX: one\r\n two\r\n\r\n",
      "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
      // Section 3.2: "A server MUST respond with a 400 … to any HTTP/1.1 request message that lacks
      // a Host header field and to any request message that contains more than one"
      "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
      // Section 6.3: both lengths, and lengths that are none
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX(: a\r\n\r\n",
      "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
      "GET / HTTP/11\r\nHost: a\r\n\r\n",
      "GET / http/1.1\r\nHost: a\r\n\r\n",
      "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET a HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /%0 HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /%FF HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /é HTTP/1.1\r\nHost: a\r\n\r\n",
      "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n",
      "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
      // Other protocols at this port.
      "NICK ann\r\n", "CAP LS 302\r\n", "\u{16}\u{03}\u{01}", "\0", "SSH-2.0-OpenSSH\r\n",
    ])
  func malformed(text: String) {
    let bytes = Array(text.utf8)
    #expect(parsed(bytes).status == .badRequest)
    #expect(parsed(bytes, pieces: 1).state.status == .badRequest)
  }

  @Test("another version of HTTP is told that 1.1 is spoken", arguments: ["1.0", "2.0", "0.9"])
  func versions(version: String) {
    #expect(parsed(head("GET / HTTP/\(version)", "Host: a")).status == .versionNotSupported)
  }

  @Test("a whole address counts more than the Host field")
  func absolute() throws {
    let request = try #require(
      parsed(head("GET HTTP://Irc.Example:81/x?y=1 HTTP/1.1", "Host: other")).request)
    #expect(request.host == "Irc.Example:81")
    #expect(request.target.path == "/x")
    #expect(request.target.queryValue("y") == "1")
    let bare = try #require(parsed(head("GET http://a?b HTTP/1.1", "Host: a")).request)
    #expect(bare.target.path == "/" && bare.target.queryValue("b") == "")
  }

  @Test("the head ends at its limit, and not a byte before")
  func headLimit() {
    var limits = HTTPLimits()
    let bytes = head("GET / HTTP/1.1", "Host: a", "X: \(String(repeating: "x", count: 100))")
    limits.headBytes = bytes.count
    #expect(parsed(bytes, limits: limits).request != nil)
    limits.headBytes = bytes.count - 1
    #expect(parsed(bytes, limits: limits).status == .requestHeaderFieldsTooLarge)
    limits.headBytes = 10
    #expect(parsed(bytes, limits: limits).status == .uriTooLong)
  }

  @Test("one field more than the limit is refused")
  func fieldLimit() {
    func bytes(_ count: Int) -> [UInt8] {
      let fields = (1..<count).map { "X-\($0): a\r\n" }.joined()
      return Array("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n".utf8)
    }
    #expect(parsed(bytes(64)).request != nil)
    #expect(parsed(bytes(65)).status == .requestHeaderFieldsTooLarge)
  }

  @Test(
    "the kind of a body is known by its fields",
    arguments: [
      ("Content-Length: 12", HTTPBody.length(12)), ("Content-Length: 0", .none), ("X: a", .none),
      ("Transfer-Encoding: Chunked", .chunked),
    ])
  func bodies(field: String, body: HTTPBody) {
    #expect(parsed(head("POST / HTTP/1.1", "Host: a", field)).request?.body == body)
  }

  @Test("a coding that is not known is 501, a length beyond all numbers 413")
  func unknownBodies() {
    let coding = head("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: gzip, chunked")
    #expect(parsed(coding).status == .notImplemented)
    let long = head("POST / HTTP/1.1", "Host: a", "Content-Length: 99999999999999999999")
    #expect(parsed(long).status == .contentTooLarge)
  }

  @Test("`Connection: close` and `Expect: 100-continue` are understood")
  func connection() {
    let last = request(
      "POST / HTTP/1.1", "Host: a", "Connection: Upgrade, CLOSE", "Content-Length: 1")
    #expect(!last.keepsAlive && !last.expectsContinue)
    let careful = request(
      "POST / HTTP/1.1", "Host: a", "Expect: 100-Continue", "Content-Length: 1")
    #expect(careful.keepsAlive && careful.expectsContinue)
  }
}
