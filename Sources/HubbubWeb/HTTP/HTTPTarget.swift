/// What a request asks for: a path, taken apart, and its query.
public struct HTTPTarget: Sendable, Equatable {
  /// As it was sent, with its escapes and without the query; begins with `/`.
  public let path: String

  /// What stands between the slashes, with the escapes resolved, so that an element may hold a
  /// slash of its own. `/` is one empty element.
  public let segments: [String]

  /// Names and values behind the `?`, in their order, with escapes and `+` resolved.
  public let query: [(name: String, value: String)]

  public static func == (left: HTTPTarget, right: HTTPTarget) -> Bool {
    left.path == right.path && left.segments == right.segments
      && left.query.elementsEqual(right.query, by: ==)
  }

  /// nil for what is no path of a web page: one without a slash in front, with an escape that is
  /// none, or with a NUL or bytes that are not UTF-8 behind an escape.
  public init?(_ text: String) {
    let parts = text.utf8.split(
      separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts[0].first == UInt8(ascii: "/") else { return nil }
    path = String(decoding: parts[0], as: UTF8.self)
    var segments: [String] = []
    for segment in parts[0].dropFirst().split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    {
      guard let decoded = Self.decoded(segment, plusIsSpace: false) else { return nil }
      segments.append(decoded)
    }
    self.segments = segments
    guard let query = Self.form(parts.count > 1 ? parts[1] : parts[0].suffix(0)) else { return nil }
    self.query = query
  }

  /// The first value of a name in the query.
  public func queryValue(_ name: String) -> String? { query.first { $0.name == name }?.value }

  private static func form(_ text: Substring.UTF8View) -> [(name: String, value: String)]? {
    var pairs: [(name: String, value: String)] = []
    for pair in text.split(separator: UInt8(ascii: "&")) {
      let halves = pair.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = decoded(halves[0], plusIsSpace: true),
        let value = halves.count > 1 ? decoded(halves[1], plusIsSpace: true) : ""
      else { return nil }
      pairs.append((name, value))
    }
    return pairs
  }

  private static func decoded(_ text: Substring.UTF8View, plusIsSpace: Bool) -> String? {
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(0x20)
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit),
          high | low != 0
        else { return nil }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46, 0x61...0x66: (byte | 0x20) - 0x61 + 10
    default: nil
    }
  }
}
