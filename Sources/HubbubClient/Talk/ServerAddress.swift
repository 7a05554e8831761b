/// A server as people write it: `host`, `host:port`, `irc://host/room`,
/// `ircs://name@host:port/#a,#b`.
struct ServerAddress: Equatable {
  /// `host` or `host:port`.
  private(set) var name: String

  /// What the scheme says; nil without one.
  var isEncrypted: Bool?

  var nickname: String?
  var rooms: [Settings.Room] = []

  /// nil where the text is none. Whether the host is one, `Endpoint` says.
  init?(_ text: String) {
    let scheme = text.range(of: "://").map { text[..<$0.lowerBound].lowercased() }
    guard let scheme else {
      guard !text.isEmpty else { return nil }
      name = text
      return
    }
    guard ["irc", "ircs", "irc6"].contains(scheme) else { return nil }
    isEncrypted = scheme == "ircs"
    var rest = text.dropFirst(scheme.count + 3)
    // `#` begins the rooms also where the slash before it was forgotten.
    let authority = rest.prefix { !"/?#".contains($0) }
    rest = rest[authority.endIndex...]
    var host = authority
    if let at = authority.lastIndex(of: "@") {
      nickname = Self.decoded(authority[..<at].prefix { $0 != ":" })
      host = authority[authority.index(after: at)...]
    }
    guard !host.isEmpty, nickname != "" else { return nil }
    name = Self.decoded(host)
    rooms = Self.rooms(rest.first == "/" ? rest.dropFirst() : rest)
  }

  /// Another port than the one that is named, or not.
  mutating func setPort(_ port: UInt16) {
    let host: Substring
    if name.hasPrefix("[") {
      host = name.prefix { $0 != "]" } + "]"
    } else if name.count(where: { $0 == ":" }) > 1 {
      host = "[\(name)]"
    } else {
      host = name.prefix { $0 != ":" }
    }
    name = "\(host):\(port)"
  }

  /// `#a,b?key`: names that lack a `#` are given one. Behind the comma may stand what is no room
  /// (draft-butcher-irc-url-04, section 2.5): a link to a person leads into no room.
  private static func rooms(_ text: Substring) -> [Settings.Room] {
    let path = text.prefix { $0 != "?" }
    let key = text.dropFirst(path.count + 1).prefix { $0 != "&" }
    let parts = path.split(separator: ",").map(decoded)
    if parts.contains(where: { ["isnick", "isuser"].contains($0.lowercased()) }) { return [] }
    return parts.filter {
      !["isserver", "ischannel", "needkey", "needpass"].contains($0.lowercased())
    }
    .map { name in
      let isNamed = name.first.map { "#&+!".contains($0) } ?? false
      return .init(
        name: isNamed ? name : "#" + name,
        key: key.isEmpty || key.contains("=") ? nil : decoded(key))
    }
  }

  /// With what stands behind `%` put in its place; spaces and control characters are dropped.
  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2)
      if byte == UInt8(ascii: "%"), digits.count == 2,
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes.filter { $0 > 0x20 && $0 != 0x7F }, as: UTF8.self)
  }
}

extension String {
  /// Where `text` stands first.
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
