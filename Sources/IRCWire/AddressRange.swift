/// A network of IP addresses (CIDR), or a single one: `192.0.2.0/24`, `2001:db8::/32`, `192.0.2.7`.
///
/// IPv4 and IPv6 are apart: `::/0` is every address of IPv6 and none of IPv4.
public struct AddressRange: Sendable, Hashable, CustomStringConvertible {
  private let first: IPAddress

  /// How many leading bits all its addresses have in common, of 128.
  private let commonBits: Int

  private static let ipv4Bits = 96

  /// nil for what is neither an address nor a network. Bits behind the prefix are taken for 0.
  public init?(_ text: String) {
    do throws(MaskFault) { try self.init(parsing: text) } catch { return nil }
  }

  /// Reads an address or a network in any spelling; says in words what is wrong with anything else.
  public init(parsing text: String) throws(MaskFault) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, let address = IPAddress(parts[0]) else { throw .noNetwork(text) }
    guard parts.count == 2 else {
      self.init(address, bits: 128)
      return
    }
    let isShort = address.isIPv4 && !parts[0].utf8.contains(Ascii.colon)
    let offset = isShort ? Self.ipv4Bits : 0
    let digits = parts[1].utf8
    guard (1...3).contains(digits.count), digits.allSatisfy(Ascii.isDigit),
      let number = Int(parts[1]), number <= 128 - offset
    else { throw .noPrefix(parts[1], limit: 128 - offset) }
    // Of fewer bits it would be a part of IPv6 that holds all of IPv4.
    guard !address.isIPv4 || number + offset >= Self.ipv4Bits else {
      throw .shortMappedPrefix(text, address: address)
    }
    self.init(address, bits: number + offset)
  }

  /// The network of an address.
  ///
  /// - Parameter bits: the length of its prefix, of 128.
  public init(_ address: IPAddress, bits: Int = 128) {
    commonBits = bits
    first = IPAddress(bits: address.bits & Self.mask(bits))
  }

  /// Whether an address, as text, lies in it.
  public func contains(_ text: String) -> Bool { IPAddress(text).map(contains) ?? false }

  public func contains(_ address: IPAddress) -> Bool {
    address.isIPv4 == isIPv4 && address.bits & Self.mask(commonBits) == first.bits
  }

  /// Whether all addresses of IPv4 or of IPv6 lie in it.
  public var isEverything: Bool { commonBits == (isIPv4 ? Self.ipv4Bits : 0) }

  /// A single address as such; a network with the length of its prefix.
  public var description: String {
    if commonBits == 128 { return first.description }
    return "\(first)/\(isIPv4 ? commonBits - Self.ipv4Bits : commonBits)"
  }

  private var isIPv4: Bool { commonBits >= Self.ipv4Bits && first.isIPv4 }

  /// All ones in the first `bits` of 128.
  private static func mask(_ bits: Int) -> UInt128 { ~(UInt128.max >> UInt128(bits)) }
}
