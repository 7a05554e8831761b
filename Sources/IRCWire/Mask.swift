/// A pattern for names: `*` stands for any run of characters, `?` for exactly one (RFC 2812 section 2.5).
///
/// Compared without regard to ASCII case. Matching takes time in proportion to pattern × text at the worst,
/// whatever the pattern: it keeps one place to come back to, never a tree of them.
public struct Mask: Sendable, Hashable, CustomStringConvertible {
  public let description: String
  private let pattern: [UInt8]

  public init(_ text: String) {
    description = text
    pattern = text.utf8.map(Self.fold)
  }

  /// `nickname`, `user@host` or any part of `nickname!user@host`, completed with `*` for what is missing.
  public init(completing text: String) {
    let source = Source(text)
    let isHostOnly = !text.utf8.contains(0x21) && text.utf8.contains(Ascii.at)
    let name = isHostOnly || source.name.isEmpty ? "*" : source.name
    let user = isHostOnly ? source.name : source.user ?? "*"
    let host = source.host ?? "*"
    self.init("\(name)!\(user.isEmpty ? "*" : user)@\(host.isEmpty ? "*" : host)")
  }

  public func matches(_ text: String) -> Bool {
    var copy = text
    return copy.withUTF8 { matches($0) }
  }

  private func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var at = 0
    var place = 0
    var star: (pattern: Int, text: Int)?
    while at < text.count {
      if place < pattern.count, pattern[place] == 0x2A {
        star = (place, at)
        place += 1
      } else if place < pattern.count, pattern[place] == 0x3F {
        place += 1
        at = Self.afterCharacter(in: text, from: at)
      } else if place < pattern.count, pattern[place] == Self.fold(text[at]) {
        place += 1
        at += 1
      } else if let back = star {
        place = back.pattern + 1
        at = back.text + 1
        star = (back.pattern, at)
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == 0x2A }
  }

  private static func fold(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  /// `?` is one character, not one byte: continuation bytes of UTF-8 belong to the first.
  private static func afterCharacter(
    in text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int {
    var end = start + 1
    while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
    return end
  }
}
