/// A pattern for names: `*` stands for any run of characters, `?` for exactly one (RFC 2812 section
/// 2.5).
///
/// Compared without regard to ASCII case. Matching takes one step for each byte of the text and 64
/// of the pattern, whatever the pattern: all places where the text so far may have led are followed
/// at once, as bits of a few words (the automaton of Baeza-Yates and Gonnet, "A new approach to
/// text searching", 1992).
public struct Mask: Sendable, Hashable, CustomStringConvertible {
  public let description: String

  /// Whether it has a wildcard at all.
  public let isPattern: Bool

  /// What each place of the pattern wants, folded; the stars are in `loops`.
  private let wants: [UInt8]

  /// The places, 0 for the beginning, in which any byte may be passed over: those in front of a
  /// star.
  private let loops: [UInt64]

  /// The places behind a `?`: the first byte of any character leads there, and the rest of its
  /// bytes is passed over.
  private let anyPlaces: [UInt64]

  private static let anyCharacter = UInt8(ascii: "?")

  public init(_ text: String) {
    description = text
    isPattern = text.utf8.contains { $0 == Self.star || $0 == Self.anyCharacter }
    let pattern = text.utf8.map(Self.fold)
    wants = pattern.filter { $0 != Self.star }
    let words = wants.count / 64 + 1
    var loops = [UInt64](repeating: 0, count: words)
    var anyPlaces = loops
    var place = 0
    for byte in pattern {
      if byte == Self.star {
        loops[place / 64] |= 1 << UInt64(place % 64)
        continue
      }
      place += 1
      if byte == Self.anyCharacter { anyPlaces[place / 64] |= 1 << UInt64(place % 64) }
    }
    self.loops = loops
    self.anyPlaces = anyPlaces
  }

  /// Whether it matches everything.
  public var isEverything: Bool { wants.isEmpty && loops[0] == 1 }

  /// No shorter text matches.
  var minimumBytes: Int { wants.count }

  /// Refuses a mask with a character in it that nothing has which it could match.
  static func check(
    _ text: String, _ part: MaskFault.Part, _ isPossible: (UInt8) -> Bool
  ) throws(MaskFault) {
    for scalar in text.unicodeScalars {
      let byte = UInt8(exactly: scalar.value) ?? 0xFF
      guard byte == star || byte == anyCharacter || byte < 0x80 && isPossible(byte) else {
        throw .character(scalar, in: part)
      }
    }
  }

  public static func == (left: Mask, right: Mask) -> Bool {
    left.wants == right.wants && left.loops == right.loops
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(wants)
    hasher.combine(loops)
  }

  public func matches(_ text: String) -> Bool {
    if isEverything { return true }
    var copy = text
    return copy.withUTF8 { text in
      guard isPattern else {
        return text.count == wants.count && zip(text, wants).allSatisfy { Self.fold($0) == $1 }
      }
      guard text.count >= wants.count else { return false }
      return follow(text)
    }
  }

  private func follow(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: loops.count * 257) { words in
      words.initialize(repeating: 0)
      let places = UnsafeMutableBufferPointer(rebasing: words[..<loops.count])
      let leading = UnsafeMutableBufferPointer(rebasing: words[loops.count...])
      defer { words.deinitialize() }
      prepare(leading)
      return matches(text, places, leading)
    }
  }

  /// Notes for each byte the places that it leads to; `anyPlaces` come in addition.
  private func prepare(_ leading: UnsafeMutableBufferPointer<UInt64>) {
    for (index, byte) in wants.enumerated() {
      let (word, bit) = ((index + 1) / 64, UInt64(1) << UInt64((index + 1) % 64))
      if byte != Self.anyCharacter { leading[Int(byte) * loops.count + word] |= bit }
    }
  }

  private func matches(
    _ text: UnsafeBufferPointer<UInt8>, _ places: UnsafeMutableBufferPointer<UInt64>,
    _ leading: UnsafeMutableBufferPointer<UInt64>
  ) -> Bool {
    places[0] = 1
    for byte in text {
      let folded = Int(Self.fold(byte))
      let isTail = byte & 0xC0 == 0x80
      var carry: UInt64 = 0
      var alive: UInt64 = 0
      for word in 0..<places.count {
        let before = places[word]
        let led = leading[folded * places.count + word] | (isTail ? 0 : anyPlaces[word])
        let stepped = (before << 1 | carry) & led
        carry = before >> 63
        places[word] = stepped | before & (isTail ? loops[word] | anyPlaces[word] : loops[word])
        alive |= places[word]
      }
      if alive == 0 { return false }
    }
    return places[wants.count / 64] >> UInt64(wants.count % 64) & 1 == 1
  }

  private static let star = UInt8(ascii: "*")

  private static func fold(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}
