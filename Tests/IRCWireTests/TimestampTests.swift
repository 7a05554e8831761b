import Glibc
import HubbubThreads
import TestSupport
import Testing

@testable import IRCWire

@Suite("Timestamp")
struct TimestampTests {
  // The values of `date -u -d @SECONDS`.
  private static let known: [(Int64, String)] = [
    (0, "1970-01-01T00:00:00.000Z"),
    (1, "1970-01-01T00:00:00.001Z"),
    (-1, "1969-12-31T23:59:59.999Z"),
    (951_782_400_000, "2000-02-29T00:00:00.000Z"),
    (951_868_800_000, "2000-03-01T00:00:00.000Z"),
    (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
    (1_763_848_095_042, "2025-11-22T21:48:15.042Z"),
    (4_107_456_000_000, "2100-02-28T00:00:00.000Z"),
    (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
  ]

  // "in the format YYYY-MM-DDThh:mm:ss.sssZ" (IRCv3 server-time).
  @Test("known moments are written and read as they should", arguments: known)
  func knownMoments(milliseconds: Int64, text: String) {
    let moment = Timestamp(milliseconds: milliseconds)
    var line: [UInt8] = []
    moment.append(to: &line)
    #expect(String(decoding: line, as: UTF8.self) == text)
    #expect("\(moment)" == text)
    #expect(Timestamp(text) == moment)
  }

  @Test("every day of 400 years, one era of the calendar, is the C library's day, there and back")
  func everyDay() {
    let seed = seed()
    var chance = SplitMix64(seed: seed)
    for day in Int64(0)..<365_243 {
      let milliseconds = day * 86_400_000 + Int64.random(in: 0..<86_400_000, using: &chance)
      var seconds = time_t(milliseconds / 1000)
      var parts = tm()
      gmtime_r(&seconds, &parts)
      let expected = [
        Int64(parts.tm_year) + 1900, Int64(parts.tm_mon) + 1, Int64(parts.tm_mday),
        Int64(parts.tm_hour),
        Int64(parts.tm_min), Int64(parts.tm_sec), milliseconds % 1000,
      ]
      let text = Timestamp(milliseconds: milliseconds).description
      let written = text.utf8.split { !(0x30...0x39).contains($0) }.map { Int64(String($0)!) }
      guard written == expected, Timestamp(text)?.milliseconds == milliseconds else {
        Issue.record("\(milliseconds) was written as \(text), seed \(seed)")
        return
      }
    }
  }

  @Test(
    "the fraction may be missing or of any length; beyond milliseconds it is dropped",
    arguments: [
      ("1970-01-01T00:00:01Z", 1000), ("1970-01-01T00:00:01.5Z", 1500),
      ("1970-01-01T00:00:01.05Z", 1050),
      ("1970-01-01T00:00:01.123456789Z", 1123), ("1970-01-01T00:00:01.9999Z", 1999),
      // "@time=2012-06-30T23:59:60.419Z" is an example of IRCv3 server-time: a leap second.
      ("2012-06-30T23:59:60.419Z", 1_341_100_800_419),
    ] as [(String, Int64)])
  func fractions(text: String, milliseconds: Int64) {
    #expect(Timestamp(text)?.milliseconds == milliseconds)
  }

  @Test(
    "what is no moment is none",
    arguments: [
      "", "Z", "2026-11-22", "2026-11-22T21:28:15", "2026-11-22T21:28:15.042",
      "2026-11-22 21:28:15.042Z",
      "2026-11-22T21:28:15.042z", "2026-11-22T21:28:15.Z", "2026-11-22T21:28:15.04xZ",
      "2026-11-22T21:28:15.042xZ", "2026-11-22T21:28:15.-42Z", "2026-11-22T21:28:15.+42Z",
      "2026-11-22T21:28:15x042Z", "2026-11-22T21:28:15+01Z", "2026x11-22T21:28:15.042Z",
      "2026-11x22T21:28:15.042Z", "2026-11-22T21x28:15.042Z", "2026-11-22T21:28x15.042Z",
      "+026-11-22T21:28:15.042Z", "-026-11-22T21:28:15.042Z", "2026-+1-22T21:28:15.042Z",
      "2026-11-22T-1:28:15.042Z", "2026-00-22T21:28:15.042Z", "2026-13-22T21:28:15.042Z",
      "2026-11-00T21:28:15.042Z", "2026-11-31T21:28:15.042Z", "2026-02-29T21:28:15.042Z",
      "2100-02-29T21:28:15.042Z", "2026-11-22T24:28:15.042Z", "2026-11-22T21:60:15.042Z",
      "2026-11-22T21:28:61.042Z", "٢٠٢٦-11-22T21:28:15.042Z", "2026-11-22T21:28:15.é42Z",
      "12026-11-22T21:28:15.042Z", "2026-1-22T21:28:15.0420Z",
    ])
  func noMoment(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test("moments compare as their texts do", arguments: zip(known.dropFirst(3), known.dropFirst(4)))
  func order(earlier: (Int64, String), later: (Int64, String)) {
    #expect(Timestamp(milliseconds: earlier.0) < Timestamp(milliseconds: later.0))
    #expect(earlier.1 < later.1)
  }
}
