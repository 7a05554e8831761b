/// What a mask says of a host: an address or a network, which is compared as such, or a pattern.
public enum HostMask: Sendable, Hashable, CustomStringConvertible {
  case network(AddressRange)
  case pattern(Mask)

  /// - Throws: where no host and no address can be meant.
  public init(_ text: String, _ limits: MaskLimits = MaskLimits()) throws(MaskFault) {
    guard !text.isEmpty else { throw .empty(.host) }
    if let range = AddressRange(text) {
      self = .network(range)
      return
    }
    let text = Self.withoutMapping(text)
    try Self.checkAddress(text)
    try Mask.check(text, .host) { byte in
      Ascii.isLetter(byte) || Ascii.isDigit(byte) || ".:-_/".utf8.contains(byte)
    }
    let pattern = Mask(text)
    guard pattern.minimumBytes <= limits.hostBytes else {
      throw .partTooLong(.host, limit: limits.hostBytes)
    }
    self = .pattern(pattern)
  }

  public var description: String {
    switch self {
    case .network(let range): range.description
    case .pattern(let mask): mask.description
    }
  }

  func matches(_ subject: MaskSubject) -> Bool {
    switch self {
    case .network(let range): subject.addresses.contains(where: range.contains)
    case .pattern(let mask): mask.isEverything || subject.hosts.contains(where: mask.matches)
    }
  }

  /// Whether a word can only be meant as a host: nicknames have none of these characters.
  static func isMeant(by word: String) -> Bool { word.utf8.contains { ".:/".utf8.contains($0) } }

  // MARK: What looks like an address

  /// A pattern of an IPv4 address in IPv6's form.
  private static func withoutMapping(_ text: String) -> String {
    let prefix = "::ffff:"
    guard text.lowercased().hasPrefix(prefix), text.contains("."), !text.contains("/"),
      Mask(text).isPattern
    else { return text }
    return String(text.dropFirst(prefix.count))
  }

  /// Refuses what is meant as an address or a network and is none.
  private static func checkAddress(_ text: String) throws(MaskFault) {
    let isPattern = Mask(text).isPattern
    if text.hasSuffix(".") || text.contains("..") { throw .noHostName(text) }
    let base = text.utf8.prefix { $0 != UInt8(ascii: "/") }
    let kept = base.filter { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }
    let hasDigit = kept.contains(where: Ascii.isHexDigit)
    let isIPv4 = hasDigit && kept.allSatisfy { Ascii.isDigit($0) || $0 == UInt8(ascii: ".") }
    let isIPv6 =
      kept.contains(Ascii.colon)
      && kept.allSatisfy { Ascii.isHexDigit($0) || ".:".utf8.contains($0) }
    guard isIPv4 || isIPv6 else {
      // No other host has a colon: it is meant as something that other servers know.
      if base.contains(Ascii.colon) { throw isPattern ? .noAddressPattern(text) : .noNetwork(text) }
      if isMeantAsAddresses(text, base: Array(base)) { throw .noNetwork(text) }
      return
    }
    if base.count < text.utf8.count {
      if isPattern { throw .networkWithWildcard(text) }
      _ = try AddressRange(parsing: text)
    } else if !isPattern {
      throw .noNetwork(text)
    } else if !(isIPv4 ? Self.isIPv4Pattern(text) : Self.isIPv6Pattern(text)) {
      throw .noAddressPattern(text)
    }
  }

  /// Whether it is written as other programs write addresses: a prefix behind wildcards alone, a
  /// range, a number in base 16. (A host may be called `staff/12`, by CHGHOST.)
  private static func isMeantAsAddresses(_ text: String, base: [UInt8]) -> Bool {
    let prefix = text.utf8.dropFirst(base.count + 1)
    let isOpen = base.allSatisfy { "*?.".utf8.contains($0) }
    if isOpen, base.count < text.utf8.count, prefix.allSatisfy(Ascii.isDigit) { return true }
    let (dot, hyphen) = (UInt8(ascii: "."), UInt8(ascii: "-"))
    let isRange =
      base.contains(hyphen) && base.contains(dot)
      && base.allSatisfy { Ascii.isDigit($0) || $0 == dot || $0 == hyphen }
    let isHexadecimal =
      text.lowercased().hasPrefix("0x")
      && base.dropFirst(2).allSatisfy { Ascii.isHexDigit($0) || $0 == dot }
    return isRange || isHexadecimal
  }

  /// Whether an IPv4 address, or a part of a name, can look like that.
  private static func isIPv4Pattern(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    if parts.count == 1 { return true }
    return parts.count <= 4 && parts.allSatisfy { IPAddress.octet($0) != nil || isOpen($0) }
  }

  private static func isIPv6Pattern(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: Ascii.colon, omittingEmptySubsequences: false)
    return parts.count <= 9 && parts.allSatisfy { $0.count <= 4 || isOpen($0) || $0.contains(0x2E) }
  }

  private static func isOpen(_ part: Substring.UTF8View) -> Bool {
    part.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
  }
}
