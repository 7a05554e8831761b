/// An IPv4 or IPv6 address. An IPv4 address written as IPv6 (`::ffff:192.0.2.7`) is that IPv4
/// address.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
  /// All 128 bits. IPv4 is the part of IPv6 that it is mapped to (`::ffff:0:0/96`).
  public let bits: UInt128

  private static let ipv4Prefix: UInt128 = 0xFFFF << 32

  public init(bits: UInt128) { self.bits = bits }

  /// Reads an address in any spelling; nil for anything else. A zone (`%eth0`) is left out.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    if bytes.contains(Ascii.colon) {
      guard let bits = Self.ipv6(bytes.prefix { $0 != UInt8(ascii: "%") }) else { return nil }
      self.bits = bits
    } else {
      guard let bits = Self.ipv4(bytes[...]) else { return nil }
      self.bits = Self.ipv4Prefix | UInt128(bits)
    }
  }

  public var isIPv4: Bool { bits >> 32 == Self.ipv4Prefix >> 32 }

  /// An IPv6 address that begins with a colon, as it arrives at the end of a line: there the
  /// protocol takes the first colon away.
  public static func restoringColon(of text: String) -> String {
    guard text.first == ":", !text.hasPrefix("::") else { return text }
    return IPAddress(":\(text.prefix { $0 != "/" })") == nil ? text : ":\(text)"
  }

  // MARK: Reading

  /// Four numbers of at most three digits, without leading zeros: some take those for octal.
  private static func ipv4(_ text: ArraySlice<UInt8>) -> UInt32? {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bits: UInt32 = 0
    for part in parts {
      guard let value = octet(part) else { return nil }
      bits = bits << 8 | UInt32(value)
    }
    return bits
  }

  /// A number from 0 to 255 as IPv4 writes it.
  static func octet(_ text: some Collection<UInt8>) -> UInt8? {
    guard (1...3).contains(text.count), text.allSatisfy(Ascii.isDigit) else { return nil }
    guard text.count == 1 || text.first != UInt8(ascii: "0") else { return nil }
    return UInt8(exactly: text.reduce(0) { $0 * 10 + Int($1 - 0x30) })
  }

  private static func ipv6(_ text: ArraySlice<UInt8>) -> UInt128? {
    guard let gap = text.indices.dropLast().first(where: { text[$0...($0 + 1)] == [0x3A, 0x3A] })
    else {
      guard let all = groups(text, isEnd: true), all.count == 8 else { return nil }
      return joined(all)
    }
    guard let left = groups(text[..<gap], isEnd: false),
      let right = groups(text[(gap + 2)...], isEnd: true), left.count + right.count < 8
    else { return nil }
    return joined(left + [UInt16](repeating: 0, count: 8 - left.count - right.count) + right)
  }

  /// Groups with colons between them; none of an empty text.
  ///
  /// - Parameter isEnd: whether the last may be an IPv4 address, which stands for two.
  private static func groups(_ text: ArraySlice<UInt8>, isEnd: Bool) -> [UInt16]? {
    if text.isEmpty { return [] }
    let parts = text.split(
      separator: Ascii.colon, maxSplits: 8, omittingEmptySubsequences: false)
    var groups: [UInt16] = []
    for (index, part) in parts.enumerated() {
      if isEnd, index == parts.count - 1, let tail = ipv4(part) {
        groups += [UInt16(tail >> 16), UInt16(truncatingIfNeeded: tail)]
      } else {
        guard (1...4).contains(part.count), part.allSatisfy(Ascii.isHexDigit),
          let group = UInt16(String(decoding: part, as: UTF8.self), radix: 16)
        else { return nil }
        groups.append(group)
      }
    }
    return groups
  }

  private static func joined(_ groups: [UInt16]) -> UInt128 {
    groups.reduce(0) { $0 << 16 | UInt128($1) }
  }

  // MARK: Writing

  /// The address as RFC 5952 writes it; IPv4 with dots.
  public var description: String {
    if isIPv4 {
      return stride(from: 24, through: 0, by: -8).map { "\(bits >> UInt128($0) & 0xFF)" }
        .joined(separator: ".")
    }
    let words = groups.map { String($0, radix: 16) }
    let gap = longestGap
    guard gap.count > 1 else { return words.joined(separator: ":") }
    return words[..<gap.lowerBound].joined(separator: ":") + "::"
      + words[gap.upperBound...].joined(separator: ":")
  }

  /// Every way in which people write it, for patterns with wildcards.
  public var spellings: [String] {
    if isIPv4 { return [description] }
    let words = groups.map { String($0, radix: 16) }
    let padded = words.map { String(repeating: "0", count: 4 - $0.utf8.count) + $0 }
    return [
      description, Self.asHost(description), words.joined(separator: ":"),
      padded.joined(separator: ":"),
    ]
  }

  /// An address as it can stand in the middle of a line, where one that begins with a colon would
  /// be taken for a trailing parameter.
  public static func asHost(_ address: String) -> String {
    address.utf8.first == Ascii.colon ? "0\(address)" : address
  }

  private var groups: [UInt16] {
    (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0)) }
  }

  /// The first of the longest runs of zeros.
  private var longestGap: Range<Int> {
    let groups = groups
    var longest = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, groups[end] == 0 { end += 1 }
      if end - start > longest.count { longest = start..<end }
      start = max(end, start + 1)
    }
    return longest
  }
}

extension IPAddress {
  /// Whether it is one of this machine's own, `127.0.0.0/8` or `::1`.
  public var isLoopback: Bool { isIPv4 ? bits >> 24 & 0xFF == 127 : bits == 1 }

  /// Whether it is reached from this machine or from a home or office network alone.
  public var isPrivate: Bool { isLoopback || Self.privateNetworks.contains { $0.contains(self) } }

  /// RFC 1918, RFC 3927, RFC 4193, RFC 4291 section 2.5.6.
  private static let privateNetworks = [
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10",
  ].compactMap { AddressRange($0) }
}
