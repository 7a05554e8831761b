import Testing

@testable import HubbubWeb

@Suite("Answers")
struct AnswerTests {
  private let security = SecurityFields(names: ["irc.example"], isSecure: true)

  private func text(_ response: HTTPResponse, method: String = "GET", keepsAlive: Bool = true)
    -> String
  {
    String(
      decoding: response.encoded(
        method: method, date: 1_795_987_695, keepsAlive: keepsAlive, security: security),
      as: UTF8.self)
  }

  @Test("an answer has its length, its date and the rules for the page")
  func head() {
    let text = text(HTTPResponse(.notFound, text: "There is no such page."))
    #expect(text.hasPrefix("HTTP/1.1 404 Not Found\r\nDate: Sun, 29 Nov 2026 21:28:15 GMT\r\n"))
    #expect(
      text.hasSuffix("Content-Length: 23\r\n\r\nThere is no such page.\n")
    )
    for field in [
      "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer",
      "Cross-Origin-Opener-Policy: same-origin", "Strict-Transport-Security: max-age=31536000",
      "default-src 'none'", "connect-src 'self' wss://irc.example;", "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ] { #expect(text.contains(field), "\(field)") }
    #expect(!text.contains("unsafe"))
    #expect(SecurityFields(names: [], isSecure: false).fields["Strict-Transport-Security"] == nil)
  }

  @Test("the answer to HEAD is that to GET without its body, and 101 and 304 have none")
  func bodies() {
    let response = HTTPResponse(.ok, text: "hello")
    #expect(text(response, method: "HEAD") + "hello\n" == text(response))
    #expect(text(response, keepsAlive: false).contains("\r\nConnection: close\r\n"))
    let upgrade = text(HTTPResponse(.switchingProtocols, fields: ["Connection": "Upgrade"]))
    #expect(!upgrade.contains("Content-Length") && upgrade.hasSuffix("\r\n\r\n"))
    #expect(!text(HTTPResponse(.notModified)).contains("Content-Length"))
  }

  @Test(
    "a date is written as HTTP writes it",
    arguments: [
      (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
      (951_868_799, "Tue, 29 Feb 2000 23:59:59 GMT"),
      (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 GMT"),
    ] as [(Int64, String)])
  func dates(seconds: Int64, text: String) { #expect(HTTPDate.text(seconds: seconds) == text) }
}

@Suite("The client's files")
struct AssetTests {
  private let assets = WebAssets(network: "Tea & <cake>", lobby: "#\"lobby\"")

  private func get(_ path: String, _ fields: String..., method: String = "GET") -> HTTPResponse? {
    let lines = ["\(method) \(path) HTTP/1.1", "Host: a"] + fields
    guard
      let request = parsed(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)).request
    else { fatalError("No request: \(lines)") }
    return assets.response(to: request)
  }

  @Test("a page names its files under their hash, and each is there, for good")
  func files() throws {
    for page in ["/", "/dashboard"] {
      let answer = try #require(get(page))
      #expect(answer.fields["Cache-Control"] == "no-cache")
      #expect(answer.fields["Content-Type"] == "text/html; charset=utf-8")
      let text = String(decoding: answer.body, as: UTF8.self)
      #expect(!text.contains("{{"))
      let names = text.split(separator: "\"").filter { $0.hasPrefix("/\(assets.version)/") }
      #expect(names.count >= 3)
      for name in names {
        let file = try #require(get(String(name)), "\(name)")
        #expect(file.fields["Cache-Control"] == "public, max-age=31536000, immutable")
      }
    }
  }

  @Test("nothing in the files is loaded from elsewhere, and no page has a script or style within")
  func nothingFromElsewhere() {
    for asset in assets.all {
      let text = String(decoding: asset.bytes, as: UTF8.self)
        .split(separator: "http://www.w3.org/").joined()
      for scheme in ["http://", "https://"] {
        #expect(!text.contains(scheme), "\(asset.name)")
      }
      for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
        #expect(!text.contains(word), "\(asset.name): \(word)")
      }
      if asset.name.hasSuffix(".html") {
        #expect(!text.contains("<script>") && !text.contains("<style") && !text.contains("style="))
      }
    }
  }

  @Test("a first visit takes at most 25 KiB over the wire, with all that its page asks for")
  func size() {
    // Loaded when somebody logs in or opens a dialog, and the dashboard's own.
    let later = ["sasl.js", "more.js", "more.css"]
    let first = assets.all.filter { !$0.name.hasPrefix("dashboard") && !later.contains($0.name) }
    let bytes = first.reduce(0) { $0 + $1.gzipped.count }
    print("A first visit: \(bytes) bytes compressed")
    #expect(bytes <= 25 * 1024)
  }

  @Test("what the settings say is text in the pages, whatever it is")
  func filling() throws {
    let page = String(decoding: try #require(get("/")).body, as: UTF8.self)
    #expect(page.contains("data-network=\"Tea &amp; &lt;cake&gt;\""))
    #expect(page.contains("data-lobby=\"#&quot;lobby&quot;\""))
  }

  @Test("scripts are sent without comments and indentation, and with all their lines of code")
  func shortening() {
    let source = "/** One.\n * Two. */\n// Three\nlet a = 1; // four\n\n  /** Five. */\n    b();\n"
    #expect(
      ClientSource.shortened(Array(source.utf8), of: "a.js")
        == Array("let a = 1; // four\nb();\n".utf8))
    let style =
      "a,\n b { margin: 0 calc(1px + 2px); color: red }\n\n"
      + "@media (x: 1px) {\n  .a .b { c: d, e; }\n}\n"
    #expect(
      String(decoding: ClientSource.shortened(Array(style.utf8), of: "a.css"), as: UTF8.self)
        == "a,b{margin:0 calc(1px + 2px);color:red}@media (x:1px){.a .b{c:d,e;}}")
  }

  @Test("what the browser has is not sent again, and it is compressed where that is understood")
  func negotiation() throws {
    let plain = try #require(get("/"))
    #expect(plain.fields["Content-Encoding"] == nil)
    for coding in ["gzip", "deflate, GZIP;q=0.5", "*", "br, *;q=0.1"] {
      let answer = try #require(get("/", "Accept-Encoding: \(coding)"))
      #expect(answer.fields["Content-Encoding"] == "gzip", "\(coding)")
      #expect(answer.body.count < plain.body.count && answer.body.starts(with: [0x1F, 0x8B]))
    }
    for coding in ["gzip;q=0", "br", "gzip; q=0.0, *", ""] {
      let answer = try #require(get("/", "Accept-Encoding: \(coding)"))
      #expect(answer.fields["Content-Encoding"] == nil, "\(coding)")
    }
    let tag = try #require(plain.fields["ETag"])
    for known in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
      #expect(get("/", "If-None-Match: \(known)")?.status == .notModified)
    }
    #expect(get("/", "If-None-Match: \"x\"")?.status == .ok)
  }

  @Test("other addresses are none of theirs, and other methods are refused")
  func others() {
    for path in [
      "/index.html", "/irc.js", "/\(assets.version)/", "/\(assets.version)", "/x/irc.js",
      "/\(assets.version)/index.html", "/\(assets.version)/a/irc.js", "//", "/dashboard/",
    ] { #expect(get(path) == nil, "\(path)") }
    #expect(get("/", method: "POST")?.status == .methodNotAllowed)
    #expect(get("/", method: "POST")?.fields["Allow"] == "GET, HEAD")
    #expect(get("/favicon.ico")?.fields["Content-Type"] == "image/svg+xml")
  }
}
