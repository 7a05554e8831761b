import HubbubThreads
import TestSupport
import Testing

@testable import IRCWire

@Suite("Mask")
struct MaskTests {
  // "('?', 0x3F) to match one and only one character, and ('*', 0x2A) to match any number of any characters"
  // (Modern IRC, "Wildcard Expressions").
  @Test(
    "a mask matches whole names",
    arguments: [
      ("a?c", "abc", true), ("a?c", "ac", false), ("a?c", "abbc", false), ("a*c", "ac", true),
      ("a*c", "abbbc", true), ("a*c", "abcd", false), ("a*c", "xac", false), ("", "", true),
      ("", "a", false),
      ("*", "", true), ("*", "anything", true), ("**", "", true), ("?", "", false),
      ("?*", "", false),
      ("*?", "a", true), ("abc", "ab", false), ("ab", "abc", false), ("ABC", "abc", true),
      ("abc", "aBC", true), ("[]", "{}", false), ("*a*a*", "aba", true), ("*a*a*", "ab", false),
      ("*!*@*.example.com", "dan!d@irc.example.com", true),
      ("*!*@*.example.com", "dan!d@example.com", false),
      ("#*", "#lobby", true),
    ])
  func matching(mask: String, text: String, isMatch: Bool) {
    #expect(Mask(mask).matches(text) == isMatch)
  }

  @Test(
    "a question mark is one character, however many bytes it has",
    arguments: [
      ("?", "é", true), ("??", "é", false), ("?", "😀", true), ("*??", "é", false),
      ("a?b", "a€b", true),
      ("*?b*", "é", false), ("É", "é", false), ("\u{E9}", "e\u{301}", false),
      ("??", "e\u{301}", true),
    ])
  func characters(mask: String, text: String, isMatch: Bool) {
    #expect(Mask(mask).matches(text) == isMatch)
  }

  @Test("on short texts it agrees with the definition (P8)")
  func naive() {
    let seed = seed()
    var chance = SplitMix64(seed: seed)
    let inText = Array("aAbBé€".unicodeScalars)
    let inMask = Array("aAbBé€**??".unicodeScalars)
    var matches = 0
    for _ in 0..<30_000 {
      let mask = chance.string(of: inMask, upTo: 7)
      let text = chance.string(of: inText, upTo: 8)
      let expected = Self.matches(Self.folded(mask)[...], Self.folded(text)[...])
      matches += expected ? 1 : 0
      #expect(Mask(mask).matches(text) == expected, "\(mask) on \(text), seed \(seed)")
    }
    #expect(matches > 1000)
  }

  // With a tree of places to come back to, the first would take some 400 over 20 steps, about 10^33.
  @Test(
    "no mask makes it try over and over (P8)",
    arguments: [
      String(repeating: "*a", count: 20) + "*b", String(repeating: "*", count: 400) + "b",
      String(repeating: "*?", count: 200) + "b", String(repeating: "*a?", count: 60) + "*b*",
    ])
  func pathological(mask: String) {
    #expect(!Mask(mask).matches(String(repeating: "a", count: 400)))
    #expect(Mask(mask).matches(String(repeating: "a", count: 400) + "b"))
  }

  /// The places of a mask lie in words of 64 bits: here what crosses from one to the next.
  @Test("masks of any length", arguments: [63, 64, 65, 127, 128, 129, 191, 192, 193, 400])
  func long(places: Int) {
    let text = String(repeating: "ab", count: places)
    for end in [places - 1, places, places + 1] {
      let exact = String(text.prefix(end))
      #expect(Mask(exact).matches(exact))
      #expect(!Mask(exact).matches(exact + "a"))
      #expect(!Mask(exact).matches(String(exact.dropLast())))
      #expect(!Mask(exact).matches(String(exact.dropLast()) + "x"))
      #expect(Mask(exact + "*").matches(exact + "anything"))
      #expect(Mask("*" + exact).matches("ab" + exact))
      #expect(Mask(String(repeating: "?", count: end)).matches(exact))
      #expect(Mask(String(repeating: "?", count: end)).matches(String(repeating: "é", count: end)))
      #expect(!Mask(String(repeating: "?", count: end)).matches(exact + "é"))
    }
    let middle = String(repeating: "a", count: places / 2)
    #expect(Mask("\(middle)*\(middle)").matches("\(middle)xyz\(middle)"))
    #expect(!Mask("\(middle)*\(middle)b").matches("\(middle)xyz\(middle)"))
  }

  @Test("on long masks it agrees with the definition (P8)")
  func naiveAndLong() {
    let seed = seed()
    var chance = SplitMix64(seed: seed)
    for _ in 0..<2000 {
      // Few stars: the definition tries over and over.
      var mask = ""
      var text = ""
      for _ in 0..<Int.random(in: 60..<140, using: &chance) {
        let letter = chance.string(of: Array("ab".unicodeScalars), upTo: 1)
        text += letter
        mask += Int.random(in: 0..<8, using: &chance) == 0 && !letter.isEmpty ? "?" : letter
      }
      if Bool.random(using: &chance) {
        mask = "*" + mask.dropFirst(Int.random(in: 0..<3, using: &chance))
      }
      if Bool.random(using: &chance) { text += "b" }
      let expected = Self.matches(Self.folded(mask)[...], Self.folded(text)[...])
      #expect(Mask(mask).matches(text) == expected, "\(mask) on \(text), seed \(seed)")
    }
  }

  private static func folded(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.map { ("A"..."Z").contains($0) ? Unicode.Scalar($0.value + 32)! : $0 }
  }

  /// The definition itself.
  private static func matches(
    _ mask: ArraySlice<Unicode.Scalar>, _ text: ArraySlice<Unicode.Scalar>
  ) -> Bool {
    guard let first = mask.first else { return text.isEmpty }
    if first == "*" {
      return matches(mask.dropFirst(), text) || (!text.isEmpty && matches(mask, text.dropFirst()))
    }
    guard let letter = text.first, first == "?" || first == letter else { return false }
    return matches(mask.dropFirst(), text.dropFirst())
  }
}
