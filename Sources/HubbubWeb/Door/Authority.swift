import IRCWire

/// A host with or without a port, as `Host` and origins name it (RFC 3986 section 3.2).
public struct Authority: Sendable, Equatable {
  /// In lower case; an address of IPv6 without its brackets.
  public let name: String
  public let port: Int?
  public let isAddress: Bool

  /// nil for what is neither a name nor an address.
  public init?(_ text: String) {
    var name = text[...]
    var rest = text[...]
    if text.first == "[" {
      guard let end = text.firstIndex(of: "]") else { return nil }
      name = text[text.index(after: text.startIndex)..<end]
      rest = text[text.index(after: end)...]
      guard name.contains(":"), IPAddress(String(name)) != nil else { return nil }
    } else {
      let colon = text.firstIndex(of: ":") ?? text.endIndex
      name = text[..<colon]
      rest = text[colon...]
      guard Self.isName(name) else { return nil }
    }
    if rest.isEmpty {
      port = nil
    } else {
      let digits = rest.dropFirst()
      guard rest.first == ":", digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let number = UInt16(digits)
      else { return nil }
      port = Int(number)
    }
    self.name = name.lowercased()
    isAddress = IPAddress(String(name)) != nil
  }

  /// Letters, digits, points, hyphens, and the underscore that some names of machines have.
  private static func isName(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.count <= 253
      && text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D || $0 == 0x2E
          || $0 == 0x5F
      }
  }
}
