import Glibc
import HubbubThreads
import Testing

@testable import HubbubSockets

/// The PROXY protocol, versions 1 and 2 (proxy-protocol.txt of HAProxy).
@Suite struct ProxyHeaderTests {
  private static let signature = Array("\r\n\r\n\0\r\nQUIT\n".utf8)

  /// A header of version 2.
  private static func binary(
    _ command: UInt8, _ family: UInt8, _ payload: [UInt8], length: Int? = nil
  ) -> [UInt8] {
    let count = length ?? payload.count
    return signature + [command, family, UInt8(count >> 8), UInt8(count & 0xFF)] + payload
  }

  private static let ports: [UInt8] = [0x9C, 0x40, 0x1A, 0x0B]
  private static let ipv4: [UInt8] = [192, 0, 2, 77, 192, 0, 2, 1] + ports
  private static let ipv6: [UInt8] =
    [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]
    + [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [2] + ports
  private static let mapped: [UInt8] =
    [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 192, 0, 2, 77]
    + [UInt8](repeating: 0, count: 16) + ports

  private static func secure(_ flags: UInt8) -> [UInt8] { [0x20, 0, 5, flags, 0, 0, 0, 0] }

  private func result(_ bytes: [UInt8]) -> (state: ProxyHeader.State, taken: Int) {
    var header = ProxyHeader()
    var taken = 0
    while taken < bytes.count, case .incomplete(let wanted) = header.state {
      #expect(wanted > 0)
      header.feed(bytes[taken])
      taken += 1
    }
    return (header.state, taken)
  }

  private func client(_ address: String, isSecure: Bool = false) -> ProxyHeader.State {
    .complete(.client(address: address, isSecure: isSecure))
  }

  // "PROXY", a space, the protocol, a space, the source address, a space, the destination address, a space, the source
  // port, a space, the destination port, CR LF (section 2.1).
  @Test(
    "a line of version 1 says where the client comes from, and no byte behind it is taken",
    arguments: [
      ("PROXY TCP4 192.0.2.77 192.0.2.1 40000 6667\r\n", "192.0.2.77"),
      ("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255"),
      ("PROXY TCP4 192.0.2.77 192.0.2.1 0 0\r\n", "192.0.2.77"),
      ("PROXY TCP6 2001:db8::1 2001:db8::2 40000 6667\r\n", "2001:db8::1"),
      ("PROXY TCP6 2001:0DB8:0:0::1 ::1 40000 6667\r\n", "2001:db8::1"),
      ("PROXY TCP6 ::ffff:192.0.2.77 ::1 40000 6667\r\n", "192.0.2.77"),
      (
        "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
          + "65535 65535\r\n", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
      ),
    ])
  func lines(line: String, address: String) {
    let (state, taken) = result(Array((line + "NICK ann\r\n").utf8))
    #expect(state == client(address))
    #expect(taken == line.utf8.count)
  }

  // "the receiver must ignore anything presented before the CRLF is found" (UNKNOWN).
  @Test(
    "a line of which the proxy knows nothing leaves the connection the proxy's",
    arguments: [
      "PROXY UNKNOWN\r\n", "PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n",
      "PROXY UNKNOWN rubbish, \u{7}\r\n",
      "PROXY UNKNOWN " + String(repeating: "x", count: 91) + "\r\n",
    ])
  func unknown(line: String) {
    let (state, taken) = result(Array((line + "x").utf8))
    #expect(state == .complete(.proxy))
    #expect(taken == line.utf8.count)
  }

  @Test(
    "what is no line of version 1 is told apart from one, at once or after 107 bytes",
    arguments: [
      "NICK ann\r\n", "proxy TCP4 192.0.2.77 192.0.2.1 1 2\r\n", "PROXYTCP4", "\u{16}\u{03}\u{01}",
      "PROXY \r\n", "PROXY\r\n", "PROXY TCP4\r\n", "PROXY TCP4 192.0.2.77 192.0.2.1 1 2\n",
      "PROXY TCP4 192.0.2.77 192.0.2.1 1\r\n", "PROXY TCP4 192.0.2.77 192.0.2.1 1 2 3\r\n",
      "PROXY TCP4  192.0.2.77 192.0.2.1 1 2\r\n", "PROXY TCP4 192.0.2.77 192.0.2.1 1 65536\r\n",
      "PROXY TCP4 192.0.2.77 192.0.2.1 01 2\r\n", "PROXY TCP4 192.0.2.77 192.0.2.1 +1 2\r\n",
      "PROXY TCP4 192.0.2.077 192.0.2.1 1 2\r\n", "PROXY TCP4 192.0.2 192.0.2.1 1 2\r\n",
      "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n", "PROXY TCP6 192.0.2.77 192.0.2.1 1 2\r\n",
      "PROXY TCP4 192.0.2.9\u{0} 192.0.2.1 1 2\r\n",
      "PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n", "PROXY TCP4 host.example 192.0.2.1 1 2\r\n",
      "PROXY TCP4 192.0.2.77 host 1 2\r\n", "PROXY UDP4 192.0.2.77 192.0.2.1 1 2\r\n",
      "PROXY tcp4 192.0.2.77 192.0.2.1 1 2\r\n",
      "PROXY UNKNOWN " + String(repeating: "x", count: 92) + "\r\n",
      "PROXY TCP4 " + String(repeating: "1", count: 500),
    ])
  func noLines(text: String) {
    let (state, taken) = result(Array(text.utf8))
    guard case .malformed(let words) = state else {
      Issue.record("\(text): \(state)")
      return
    }
    #expect(!words.isEmpty)
    #expect(taken <= 107)
  }

  @Test(
    "version 2 says it for each kind of address, and what else the proxy adds is passed over",
    arguments: [
      (binary(0x21, 0x11, ipv4), "192.0.2.77", false),
      (binary(0x21, 0x21, ipv6), "2001:db8::1", false),
      (binary(0x21, 0x21, mapped), "192.0.2.77", false),
      // PP2_TYPE_NOOP, PP2_TYPE_AUTHORITY.
      (binary(0x21, 0x11, ipv4 + [0x04, 0, 3, 0, 0, 0, 0x02, 0, 1, 0x61]), "192.0.2.77", false),
      (binary(0x21, 0x11, ipv4 + [0x04, 0, 0]), "192.0.2.77", false),
      // PP2_TYPE_SSL with and without PP2_CLIENT_SSL.
      (binary(0x21, 0x11, ipv4 + secure(1)), "192.0.2.77", true),
      (binary(0x21, 0x21, ipv6 + [0x04, 0, 1, 0] + secure(7)), "2001:db8::1", true),
      (binary(0x21, 0x11, ipv4 + secure(6)), "192.0.2.77", false),
      (
        binary(0x21, 0x11, ipv4 + [0x04, 0x0F, 0xF1] + [UInt8](repeating: 1, count: 4081)),
        "192.0.2.77", false
      ),
    ] as [([UInt8], String, Bool)])
  func binaries(bytes: [UInt8], address: String, isSecure: Bool) {
    let (state, taken) = result(bytes + Array("NICK ann\r\n".utf8))
    #expect(state == client(address, isSecure: isSecure))
    #expect(taken == bytes.count)
  }

  // LOCAL: "the receiver must accept this connection as valid and must use the real connection endpoints and discard
  // the protocol block including the family which is ignored."
  @Test(
    "a check of the server's health, and what comes from no address, is the proxy's own",
    arguments: [
      binary(0x20, 0x00, []), binary(0x20, 0x11, ipv4), binary(0x20, 0xFF, [1, 2, 3]),
      binary(0x21, 0x00, []), binary(0x21, 0x00, [1, 2, 3]),
      binary(0x21, 0x31, [UInt8](repeating: 0x2F, count: 216)),
    ] as [[UInt8]])
  func local(bytes: [UInt8]) {
    let (state, taken) = result(bytes + [0x4E])
    #expect(state == .complete(.proxy))
    #expect(taken == bytes.count)
  }

  // "Receivers must drop connections presenting unexpected values here."
  @Test(
    "what is no header of version 2 is told apart from one before more than its beginning is taken",
    arguments: [
      binary(0x11, 0x11, ipv4), binary(0x31, 0x11, ipv4), binary(0x22, 0x11, ipv4),
      binary(0x2F, 0x11, ipv4), binary(0x21, 0x12, ipv4), binary(0x21, 0x22, ipv6),
      binary(0x21, 0x32, [UInt8](repeating: 0x2F, count: 216)), binary(0x21, 0x10, ipv4),
      binary(0x21, 0x13, ipv4), binary(0x21, 0x41, ipv4), binary(0x21, 0x01, ipv4),
      binary(0x21, 0x11, Array(ipv4.dropLast())), binary(0x21, 0x21, ipv4),
      binary(0x21, 0x31, ipv6), binary(0x21, 0x11, ipv4, length: 4097),
      binary(0x20, 0x00, [], length: 65535),
      Array(signature.dropLast()) + [0x0D], Array("\r\nNICK ann\r\n".utf8),
    ] as [[UInt8]])
  func noBinaries(bytes: [UInt8]) {
    let (state, taken) = result(bytes)
    guard case .malformed = state else {
      Issue.record("\(bytes): \(state)")
      return
    }
    #expect(taken <= 16)
  }

  @Test(
    "what a proxy adds must fit into its header",
    arguments: [[0x04], [0x04, 0], [0x04, 0, 1], [0x04, 0, 2, 0], [0x20, 0xFF, 0xFF, 1]]
      as [[UInt8]])
  func extras(bytes: [UInt8]) {
    guard case .malformed = result(Self.binary(0x21, 0x11, Self.ipv4 + bytes)).state else {
      Issue.record("\(bytes)")
      return
    }
  }

  @Test("what is asked for is never more than the header has")
  func wanted() {
    let headers = [
      Array("PROXY TCP4 192.0.2.77 192.0.2.1 40000 6667\r\n".utf8), Array("PROXY UNKNOWN\r\n".utf8),
      Self.binary(0x21, 0x21, Self.ipv6 + Self.secure(1)), Self.binary(0x20, 0, []),
    ]
    for bytes in headers {
      var header = ProxyHeader()
      var taken = 0
      while case .incomplete(let wanted) = header.state {
        #expect(taken + wanted <= bytes.count)
        for byte in bytes[taken..<min(taken + wanted, bytes.count)] { header.feed(byte) }
        taken += wanted
      }
      #expect(taken == bytes.count)
    }
  }

  // MARK: Over a socket

  @Test("a header is read to its end, however it comes, and what is behind it stays to be read")
  func overSocket() throws {
    let (proxy, server) = try pair()
    let header = Self.binary(0x21, 0x11, Self.ipv4 + Self.secure(1))
    let sender = try NamedThread(name: "proxy") {
      for byte in header + Array("NICK".utf8) {
        try? [byte].withUnsafeBytes { try proxy.sendAll($0) }
      }
    }
    let origin = try server.receiveProxyHeader(within: .seconds(30))
    sender.join()
    #expect(origin == .client(address: "192.0.2.77", isSecure: true))
    var rest = [UInt8](repeating: 0, count: 16)
    let count = try rest.withUnsafeMutableBytes { try server.receive(into: $0) }
    #expect(count.map { Array(rest[..<$0]) } == Array("NICK".utf8))
  }

  @Test("a header that does not come, or not whole, is waited for no longer than it may take")
  func late() throws {
    let (proxy, server) = try pair()
    #expect(throws: ProxyHeaderError.self) {
      try server.receiveProxyHeader(within: .milliseconds(10))
    }
    try Array("PROXY TCP4 19".utf8).withUnsafeBytes { try proxy.sendAll($0) }
    #expect(throws: ProxyHeaderError.self) {
      try server.receiveProxyHeader(within: .milliseconds(10))
    }
    proxy.close()
    #expect(throws: ProxyHeaderError.self) {
      try server.receiveProxyHeader(within: .seconds(30))
    }
  }

  private func pair() throws -> (Socket, Socket) {
    var descriptors: [Int32] = [0, 0]
    try #require(
      socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &descriptors) == 0)
    return (Socket(adopting: descriptors[0]), Socket(adopting: descriptors[1]))
  }
}
