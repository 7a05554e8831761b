import Glibc

/// A network of IP addresses (CIDR), or a single one: `192.0.2.0/24`, `2001:db8::/32`, `192.0.2.7`.
struct AddressRange: Sendable, Hashable, CustomStringConvertible {
  /// The first address. IPv4 is the part of IPv6 that it is mapped to (`::ffff:0:0/96`).
  private let first: UInt128

  /// How many leading bits all its addresses have in common, of 128.
  private let commonBits: Int

  private static let ipv4Bits = 96
  private static let ipv4Prefix: UInt128 = 0xFFFF << 32

  /// nil for what is neither an address nor a network. Bits behind the prefix are taken for 0.
  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard let address = Self.address(parts[0]), parts.count <= 2 else { return nil }
    let isIPv4 = address >> 32 == Self.ipv4Prefix >> 32 && !parts[0].contains(":")
    let offset = isIPv4 ? Self.ipv4Bits : 0
    var bits = 128
    if parts.count == 2 {
      guard let number = Quantity.number(parts[1]), number <= 128 - offset else { return nil }
      bits = number + offset
    }
    commonBits = bits
    first = address & Self.mask(bits)
  }

  /// Whether an address, as text, lies in it. An IPv4 address is the same when it is written as IPv6.
  func contains(_ text: String) -> Bool { Self.address(text).map(contains) ?? false }

  /// An address as `address(_:)` read it: for many ranges and one address.
  func contains(_ address: UInt128) -> Bool { address & Self.mask(commonBits) == first }

  /// Whether all addresses of IPv4 or of IPv6 lie in it.
  var isEverything: Bool {
    commonBits == 0 || commonBits == Self.ipv4Bits && first == Self.ipv4Prefix
  }

  /// An IPv4 or IPv6 address as a number; nil for what is neither. A zone (`%eth0`) is left out.
  static func address(_ text: String) -> UInt128? {
    var ipv4 = in_addr()
    if inet_pton(AF_INET, text, &ipv4) == 1 {
      return ipv4Prefix | UInt128(UInt32(bigEndian: ipv4.s_addr))
    }
    var ipv6 = in6_addr()
    guard inet_pton(AF_INET6, String(text.prefix { $0 != "%" }), &ipv6) == 1 else { return nil }
    return withUnsafeBytes(of: &ipv6) { $0.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } }
  }

  var description: String {
    let isIPv4 = commonBits >= Self.ipv4Bits && first >> 32 == Self.ipv4Prefix >> 32
    let (address, bits, whole) =
      isIPv4
      ? (Self.ipv4Text(UInt32(truncatingIfNeeded: first)), commonBits - Self.ipv4Bits, 32)
      : (Self.ipv6Text(first), commonBits, 128)
    return bits == whole ? address : "\(address)/\(bits)"
  }

  /// All ones in the first `bits` of 128.
  private static func mask(_ bits: Int) -> UInt128 { ~(UInt128.max >> UInt128(bits)) }

  private static func ipv4Text(_ address: UInt32) -> String {
    stride(from: 24, through: 0, by: -8).map { "\(address >> UInt32($0) & 0xFF)" }
      .joined(separator: ".")
  }

  private static func ipv6Text(_ address: UInt128) -> String {
    var bytes = in6_addr()
    withUnsafeMutableBytes(of: &bytes) { raw in
      for place in 0..<16 {
        raw[place] = UInt8(truncatingIfNeeded: address >> UInt128(120 - 8 * place))
      }
    }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    inet_ntop(AF_INET6, &bytes, &text, socklen_t(text.count))
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
