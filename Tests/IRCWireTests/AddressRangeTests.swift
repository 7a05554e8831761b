import HubbubThreads
import TestSupport
import Testing

@testable import IRCWire

@Suite struct AddressRangeTests {
  @Test(
    "an address lies in a network or not",
    arguments: [
      ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
      ("192.0.2.0/24", "192.0.2.0", true), ("192.0.2.0/24", "192.0.2.255", true),
      ("192.0.2.0/24", "192.0.3.0", false), ("192.0.2.99/24", "192.0.2.1", true),
      ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.128/25", "192.0.2.128", true),
      ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
      ("192.0.2.7/32", "192.0.2.7", true), ("192.0.2.6/31", "192.0.2.7", true),
      ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "2001:db8::1", false),
      ("128.0.0.0/1", "127.255.255.255", false), ("128.0.0.0/1", "255.0.0.1", true),
      // The same address, written as IPv6 has it.
      ("192.0.2.0/24", "::ffff:192.0.2.9", true), ("::ffff:192.0.2.0/120", "192.0.2.9", true),
      ("192.0.2.0/24", "::192.0.2.9", false),
      ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::1", false),
      ("2001:db8::/33", "2001:db8:8000::", false), ("2001:db8::1", "2001:DB8:0:0::1", true),
      ("2001:db8::1/128", "2001:db8::2", false), ("2001:db8::/127", "2001:db8::1", true),
      ("::/0", "2001:db8::1", true), ("::1", "::1", true),
      // IPv4 is no part of IPv6, though its mapped form begins with zeros.
      ("::/0", "192.0.2.1", false), ("0::0/64", "127.0.0.1", false), ("0::0/64", "::1", true),
      ("::ffff:0:0/96", "192.0.2.1", true), ("::ffff:0:0/96", "::1", false),
      ("::FFFF:7f00:0001", "127.0.0.1", true), ("0:0::0001", "::1", true),
      ("2001:DB8::192.0.2.1", "2001:db8::c000:201", true),
      ("::1", "0::1", true), ("fe80::/10", "fe80::1%eth0", true), ("8000::/1", "7fff::", false),
      ("192.0.2.0/24", "not an address", false), ("192.0.2.0/24", "", false),
      ("192.0.2.0/24", "192.0.2", false),
    ])
  func contains(network: String, address: String, isInside: Bool) throws {
    let range = try #require(AddressRange(network))
    #expect(range.contains(address) == isInside)
    let again = try #require(AddressRange(range.description))
    #expect(again == range)
  }

  @Test(
    "what is no network",
    arguments: [
      "", "/", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/+1", "192.0.2.0/24/24",
      "192.0.2", "192.0.2.256", "2001:db8::/129", "2001:db8", "*", "192.0.2.*", "a.example",
      "192.0.2.0/1x", "192.0.2.0/99999999999999999999", "300.1.1.1/8", "192.0.2.01", ":1",
      ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", "00001::", "::g",
      "::192.0.2", "192.0.2.1::", "1.2.3.4.5", " ::1", "::1 ", "::ffff:192.0.2.0/24",
      "::ffff:0:0/8",
    ])
  func noNetwork(text: String) { #expect(AddressRange(text) == nil) }

  @Test(
    "a network is written in its shortest form",
    arguments: [
      ("192.0.2.99/24", "192.0.2.0/24"), ("192.0.2.7/32", "192.0.2.7"),
      ("2001:DB8:0:0::/32", "2001:db8::/32"), ("::1/128", "::1"), ("0.0.0.0/0", "0.0.0.0/0"),
      ("::ffff:192.0.2.0/120", "192.0.2.0/24"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
      ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"), ("0:0:0:0:0:0:0:0", "::"), ("1::", "1::"),
      ("2001:0DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("fe80::1%eth0", "fe80::1"),
    ])
  func written(text: String, form: String) { #expect(AddressRange(text)?.description == form) }

  @Test("addresses are read back as they are written, in every spelling")
  func spellings() throws {
    let seed = seed()
    var chance = SplitMix64(seed: seed)
    for _ in 0..<2000 {
      // Many zeros, so that there is something to leave out.
      let kept = UInt128.random(in: 0 ... .max, using: &chance)
      let zeros = UInt128.random(in: 0 ... .max, using: &chance)
      let ends = UInt128.random(in: 0 ... .max, using: &chance)
      let address = IPAddress(bits: kept & zeros & ends)
      for spelling in address.spellings + [address.description.uppercased()] {
        #expect(IPAddress(spelling) == address, "\(spelling), seed \(seed)")
      }
    }
  }

  @Test(
    "what is reached from near alone is told from what is public",
    arguments: [
      ("127.9.9.9", true, true), ("::1", true, true), ("10.1.1.1", false, true),
      ("172.31.0.1", false, true), ("172.32.0.1", false, false), ("192.168.1.1", false, true),
      ("169.254.1.1", false, true), ("fe80::1", false, true), ("fd00::1", false, true),
      ("203.0.113.9", false, false), ("2001:db8::1", false, false), ("0.0.0.0", false, false),
      ("::", false, false),
    ])
  func scope(text: String, isLoopback: Bool, isPrivate: Bool) throws {
    let address = try #require(IPAddress(text))
    #expect(address.isLoopback == isLoopback && address.isPrivate == isPrivate)
  }
}
