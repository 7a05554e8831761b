/// One message tag: `key` or `key=value` (IRCv3 message-tags).
public struct Tag: Sendable, Equatable {
  /// With its `+` where it is a client-only tag.
  public var key: String

  /// Without the escapes of the wire; "" where the tag has no value.
  public var value: String

  public init(_ key: String, _ value: String = "") {
    self.key = key
    self.value = value
  }

  /// Client-only tags are relayed untouched from client to client.
  ///
  /// `+ [ <vendor> "/" ] 1*<letter, digit, hyphen>` (IRCv3 message-tags, "Format"); the vendor is a
  /// host.
  public var isClientOnly: Bool {
    guard key.utf8.first == 0x2B else { return false }
    let parts = key.utf8.dropFirst().split(separator: 0x2F, omittingEmptySubsequences: false)
    guard parts.count <= 2, let name = parts.last, !name.isEmpty else { return false }
    let isVendor = parts.count == 1 || !parts[0].isEmpty && parts[0].allSatisfy(Self.isOfVendor)
    return isVendor && name.allSatisfy { Self.isOfVendor($0) && $0 != 0x2E }
  }

  private static func isOfVendor(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E: true
    default: false
    }
  }

  /// Those that are relayed, each key once, with its last value.
  public static func clientOnly(_ tags: [Tag]) -> [Tag] {
    guard !tags.isEmpty else { return [] }
    // From the end, with a set: a line has a thousand keys if its sender likes.
    var known: Set<String> = []
    return tags.reversed().filter { $0.isClientOnly && known.insert($0.key).inserted }.reversed()
  }

  /// Appends `@a=b;c ` to a line, or nothing where there are no tags.
  public static func append(_ tags: [Tag], to line: inout [UInt8]) {
    guard !tags.isEmpty else { return }
    line.append(Ascii.at)
    for (index, tag) in tags.enumerated() {
      if index > 0 { line.append(Ascii.semicolon) }
      tag.append(to: &line)
    }
    line.append(Ascii.space)
  }

  /// Appends `key=value` with the value escaped.
  public func append(to line: inout [UInt8]) {
    line.append(contentsOf: key.utf8)
    guard !value.isEmpty else { return }
    line.append(Ascii.equals)
    for byte in value.utf8 {
      switch byte {
      case Ascii.semicolon: line.append(contentsOf: [Ascii.backslash, 0x3A])
      case Ascii.space: line.append(contentsOf: [Ascii.backslash, 0x73])
      case Ascii.backslash: line.append(contentsOf: [Ascii.backslash, Ascii.backslash])
      case Ascii.carriageReturn: line.append(contentsOf: [Ascii.backslash, 0x72])
      case Ascii.lineFeed: line.append(contentsOf: [Ascii.backslash, 0x6E])
      default: line.append(byte)
      }
    }
  }

  /// Takes `a=b;c` apart. Tags without a key are passed over.
  static func parse(_ text: String) -> [Tag] {
    text.utf8.split(separator: Ascii.semicolon).compactMap { part in
      let key = part.prefix { $0 != Ascii.equals }
      guard !key.isEmpty else { return nil }
      return Tag(String(key)!, unescape(part.dropFirst(key.count + 1)))
    }
  }

  /// "If a lone \ exists at the end of an escaped value, then there SHOULD be no output character"
  /// and an unknown escape stands for the character behind the backslash (IRCv3 message-tags,
  /// "Escaping values").
  private static func unescape(_ value: Substring.UTF8View) -> String {
    guard value.contains(Ascii.backslash) else { return String(value)! }
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in value {
      if isEscaped {
        switch byte {
        case 0x3A: bytes.append(Ascii.semicolon)
        case 0x73: bytes.append(Ascii.space)
        case 0x72: bytes.append(Ascii.carriageReturn)
        case 0x6E: bytes.append(Ascii.lineFeed)
        default: bytes.append(byte)
        }
        isEscaped = false
      } else if byte == Ascii.backslash {
        isEscaped = true
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
