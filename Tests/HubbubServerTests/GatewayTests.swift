import HubbubDial
import HubbubSockets
import IRCWire
import Testing

@testable import HubbubServer

/// Clients that come through a gateway from the web (WEBIRC).
@Suite struct GatewayTests {
  private static func server(_ change: (inout Configuration) -> Void = { _ in }) throws
    -> TestServer
  {
    try TestServer {
      // Else they are hidden: whoever comes by a gateway may come from anywhere.
      $0.cloaks = false
      $0.gateways = [
        Gateway(name: "kiwi", passwordHash: SettingsTests.hash, addresses: ["127.0.0.0/8"])
      ]
      change(&$0)
    }
  }

  private static func reason(_ client: ScriptedClient) throws -> String {
    try client.readToEnd().last?.parameters.first ?? "no last words"
  }

  @Test(
    "who comes by a gateway is shown with the address that the gateway says",
    arguments: [
      ("WEBIRC secret kiwi host.example 192.0.2.7", "192.0.2.7"),
      ("webirc secret kiwi 192.0.2.7 192.0.2.7 :secure remote-port=1", "192.0.2.7"),
      ("WEBIRC secret other host.example 2001:db8:0::7", "2001:db8::7"),
      ("WEBIRC secret kiwi host.example 0::7", "0::7"),
      ("WEBIRC secret kiwi host.example 0::ffff:192.0.2.7", "192.0.2.7"),
    ])
  func host(line: String, shown: String) throws {
    let server = try Self.server()
    let client = try server.connect()
    try client.send(line, "CAP LS 302", "NICK ann", "USER u 0 * :r", "CAP END")
    #expect(try client.expect("001").parameters.last?.hasSuffix("ann!~u@\(shown)") == true)
    #expect(
      server.log.waitForLine(containing: "by gateway", "gateway=kiwi", "from=\(shown)") != nil)
  }

  // "IRC servers SHOULD whitelist the IP addresses … If the `WEBIRC` command does not originate from a whitelisted IP
  // address or uses an incorrect password, the gateway SHOULD close any connections with an `ERROR` command."
  @Test(
    "a wrong password, or an address that is none, ends the connection in words",
    arguments: [
      ("WEBIRC wrong kiwi host 192.0.2.7", "wrong password"),
      ("WEBIRC secret kiwi host host.example", "is no address"),
      ("WEBIRC secret kiwi host 192.0.2.0/24", "is no address"),
      ("WEBIRC secret kiwi host fe80::1%eth0", "is no address"),
    ])
  func refused(line: String, reason: String) throws {
    let server = try Self.server()
    let client = try server.connect()
    try client.send(line, "NICK ann", "USER u 0 * :r")
    let words = try Self.reason(client)
    #expect(words.contains("WEBIRC is refused") && words.contains(reason), "\(words)")
    #expect(server.log.waitForLine(containing: "WEBIRC refused", "from=127.0.0.1") != nil)
    #expect(server.log.find { $0.contains("secret") } == nil)
  }

  @Test("from an address that is no gateway's it is refused, whatever the password")
  func notListed() throws {
    let server = try Self.server { $0.gateways[0].addresses = ["192.0.2.0/24"] }
    let client = try server.connect()
    try client.send("WEBIRC secret kiwi host 192.0.2.7")
    #expect(try Self.reason(client).contains("your address is no gateway's"))
  }

  // "The `WEBIRC` command MUST be the first command sent from the WebIRC gateway to the IRC server and MUST be sent
  // before capability negotiation."
  @Test(
    "it must be the first command",
    arguments: ["CAP LS 302", "NICK ann", "PASS x", "STARTTLS"])
  func first(line: String) throws {
    let server = try Self.server()
    let client = try server.connect()
    try client.send(line, "WEBIRC secret kiwi host 192.0.2.7")
    #expect(try Self.reason(client).contains("must be the first command"))
    let ann = try server.client("ann")
    #expect(try ann.ask("WEBIRC secret kiwi host 192.0.2.7").commands == ["462"])
  }

  @Test("where there are no gateways it is a command that nobody knows")
  func none() throws {
    let server = try TestServer()
    #expect(try server.connect().ask("WEBIRC a b c 192.0.2.7").commands == ["421"])
  }

  @Test(
    "limits of addresses are the clients'; a gateway that comes for itself has those of its address"
  )
  func limits() throws {
    let server = try Self.server {
      $0.classes = []
      $0.limits.clientsPerAddress = 1
    }
    // They stay to the end.
    var clients: [ScriptedClient] = []
    func come(_ name: String, from address: String?) throws -> ScriptedClient {
      let client = try server.connect()
      if let address { try client.send("WEBIRC secret kiwi h \(address)") }
      try client.send("NICK \(name)", "USER u 0 * :r")
      clients.append(client)
      return client
    }
    for number in 1...3 { try come("a\(number)", from: "192.0.2.\(number)").expect("001") }
    #expect(
      try Self.reason(come("b", from: "192.0.2.1")).contains(
        "Too many connections from your address"))
    try come("c", from: nil).expect("001")
    #expect(
      try Self.reason(come("d", from: nil)).contains("Too many connections from your address"))
  }

  // "Servers MUST ONLY treat the connection as secure if this flag is sent and the connection from the gateway to the
  // server is also secure with TLS."
  @Test("a client is not secure because it says so over a gateway's plain connection")
  func secure() throws {
    let server = try Self.server()
    let client = try server.connect()
    try client.send("WEBIRC secret kiwi h 192.0.2.7 :secure", "NICK ann", "USER u 0 * :r")
    try client.expect("422")
    #expect(try !client.ask("WHOIS ann").commands.contains("671"))
  }

  @Test(
    "it is where the gateway's connection is secure too and it says so", arguments: [true, false])
  func secureBoth(saysSo: Bool) throws {
    let identity = try TLSIdentity.selfSigned(names: ["localhost"])
    let server = try Self.server {
      $0.tls = TLSSettings(identity: identity)
      $0.secureEndpoints = [Endpoint(host: "127.0.0.1", port: 0)]
    }
    let context = try TLSContext(client: .pin(identity.fingerprint), identity: identity)
    let client = ScriptedClient(
      try LineConnection.open(server.server.secureEndpoints[0], tls: context))
    let options = saysSo ? ":local-port=6697 secure=yes" : ":local-port=6667"
    try client.send(
      "WEBIRC secret kiwi h 192.0.2.7 \(options)", "NICK ann", "USER u 0 * :r")
    try client.expect("422")
    let whois = try client.ask("WHOIS ann").commands
    #expect(whois.contains("671") == saysSo)
    // The certificate was the gateway's.
    #expect(!whois.contains("276"))
  }

  @Test("a gateway's password is hashed once, and a wrong one after it all the same")
  func hashedOnce() throws {
    let gate = PasswordGate()
    var tries = PasswordTries()
    func judge(_ password: String, isClosed: Bool) -> PasswordGate.Verdict {
      gate.judge(
        gatewayPassword: password, SettingsTests.hash, &tries, Limits(), isClosed: { isClosed })
    }
    #expect(judge("secret", isClosed: false) == .right)
    // Who is over is not hashed for; this one needs no hash.
    #expect(judge("secret", isClosed: true) == .right)
    #expect(judge("wrong", isClosed: true) == .busy)
    #expect(judge("wrong", isClosed: false) == .wrong)
  }
}
