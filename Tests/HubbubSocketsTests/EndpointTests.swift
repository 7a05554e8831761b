import HubbubSockets
import Testing

@Suite("Endpoint")
struct EndpointTests {
  @Test(
    "a host and a port are read in every usual form",
    arguments: [
      ("example.com", Endpoint(host: "example.com", port: 6667)),
      ("example.com:7000", Endpoint(host: "example.com", port: 7000)),
      ("127.0.0.1:0", Endpoint(host: "127.0.0.1", port: 0)),
      (":65535", Endpoint(host: "127.0.0.1", port: 65535)),
      ("*", Endpoint(host: "*", port: 6667)),
      ("*:1", Endpoint(host: "*", port: 1)),
      ("7000", Endpoint(host: "127.0.0.1", port: 7000)),
      ("0", Endpoint(host: "127.0.0.1", port: 0)),
      ("127.1", Endpoint(host: "127.1", port: 6667)),
      ("7up", Endpoint(host: "7up", port: 6667)),
      ("::1", Endpoint(host: "::1", port: 6667)),
      ("::", Endpoint(host: "::", port: 6667)),
      ("2001:db8::1:7000", Endpoint(host: "2001:db8::1:7000", port: 6667)),
      ("::ffff:127.0.0.1", Endpoint(host: "::ffff:127.0.0.1", port: 6667)),
      ("fe80::1%eth0", Endpoint(host: "fe80::1%eth0", port: 6667)),
      ("[::1]", Endpoint(host: "::1", port: 6667)),
      ("[::1]:7000", Endpoint(host: "::1", port: 7000)),
      ("[fe80::1%eth0]:1", Endpoint(host: "fe80::1%eth0", port: 1)),
    ])
  func reading(text: String, endpoint: Endpoint) {
    #expect(Endpoint(text) == endpoint)
  }

  @Test(
    "anything else is no endpoint",
    arguments: [
      "", ":", "host:", "host:x", "host:65536", "host:-1", "host:-0", "host:+80", "host:6667 ",
      " host",
      "a b", "host:1\n", "[", "[]", "[]:1", "[::1", "[::1]x", "[::1]:", "[::1]:x", "[::1]:+1",
      "host:1:2", "a:b:c", ":::", "1:2:3", "localhost::1", "host:٣",
      "65536", "6668:6667", "[6667]", "[6667]:1", "+1", "-1", "-1:6667", "99999999999999999999",
      "6667:",
    ])
  func noEndpoint(text: String) {
    #expect(Endpoint(text) == nil)
  }

  @Test("what is not named comes from the defaults")
  func defaults() {
    #expect(
      Endpoint(":7000", defaultHost: "*", defaultPort: 1) == Endpoint(host: "*", port: 7000))
    #expect(Endpoint("7000", defaultHost: "*", defaultPort: 1) == Endpoint(host: "*", port: 7000))
    #expect(Endpoint("a", defaultHost: "*", defaultPort: 1) == Endpoint(host: "a", port: 1))
    #expect(Endpoint("::1", defaultHost: "*", defaultPort: 1) == Endpoint(host: "::1", port: 1))
  }

  @Test(
    "an endpoint is written as it can be read",
    arguments: ["example.com:1", "127.0.0.1:6667", "[::1]:7000", "*:0"])
  func writing(text: String) {
    #expect(Endpoint(text)?.description == text)
  }
}
