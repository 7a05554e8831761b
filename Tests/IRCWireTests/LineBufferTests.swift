import HubbubThreads
import TestSupport
import Testing

@testable import IRCWire

@Suite("LineBuffer")
struct LineBufferTests {
  @Test(
    "a line has a source, a command, parameters and an ending",
    arguments: [
      ([], nil, ":s PING\r\n"),
      (["a", "b"], nil, ":s PING a b\r\n"),
      (["a"], "b c", ":s PING a :b c\r\n"),
      ([], "", ":s PING :\r\n"),
      (["#é"], "😀", ":s PING #é :😀\r\n"),
    ] as [([String], String?, String)])
  func lines(middle: [String], trailing: String?, line: String) {
    var buffer = LineBuffer()
    #expect(buffer.isEmpty)
    buffer.append(source: "s", "PING", middle, trailing: trailing)
    #expect(String(decoding: buffer.bytes, as: UTF8.self) == line)
    #expect(!buffer.isEmpty)
  }

  // "Truncate on the 510th byte (and add `\r\n` at the end) or, preferably, on the last UTF-8 character …
  // that fits." (Modern IRC, "Compatibility with incorrect software"). P6.
  @Test(
    "a line that would pass 512 bytes is cut before the character that does not fit",
    // ":s NOTE a :" and the ending take 13 bytes, so 499 are left.
    arguments: [
      ("a", 499, 512), ("a", 500, 512), ("a", 100_000, 512), ("é", 249, 511), ("é", 250, 511),
      ("aé", 200, 512), ("€", 200, 511), ("a€", 200, 510), ("😀", 200, 509), ("a😀", 200, 509),
    ])
  func cutting(piece: String, count: Int, length: Int) {
    var buffer = LineBuffer()
    buffer.append(source: "s", "NOTE", ["a"], trailing: String(repeating: piece, count: count))
    #expect(buffer.bytes.count == length)
    #expect(String(validating: buffer.bytes, as: UTF8.self) != nil)
    #expect(buffer.bytes.starts(with: Array(":s NOTE a :\(piece)".utf8)))
    #expect(buffer.bytes.suffix(2) == [0x0D, 0x0A])
  }

  @Test("exactly 512 bytes are not cut")
  func exact() {
    var buffer = LineBuffer()
    buffer.append(source: "s", "NOTE", trailing: String(repeating: "a", count: 501))
    #expect(buffer.bytes.count == 512)
    #expect(buffer.bytes.filter { $0 == 0x61 }.count == 501)
  }

  @Test("each line of a buffer has the limit to itself")
  func several() {
    var buffer = LineBuffer(limit: 20)
    for _ in 0..<3 { buffer.append(source: "s", "PING", trailing: "éééééééééé") }
    #expect(
      String(decoding: buffer.bytes, as: UTF8.self)
        == String(repeating: ":s PING :éééé\r\n", count: 3))
  }

  @Test("whatever is cut, as much as fits stays, in whole characters")
  func anyCut() {
    let seed = seed()
    var chance = SplitMix64(seed: seed)
    for _ in 0..<3000 {
      let trailing = chance.string(of: Array("aé€😀".unicodeScalars), upTo: 60)
      let limit = Int.random(in: 20...80, using: &chance)
      var buffer = LineBuffer(limit: limit)
      buffer.append(source: "s", "PING", trailing: trailing)
      var fitting = String.UnicodeScalarView()
      var count = ":s PING :\r\n".utf8.count
      for scalar in trailing.unicodeScalars {
        count += UTF8.width(scalar)
        guard count <= limit else { break }
        fitting.append(scalar)
      }
      #expect(buffer.bytes == Array(":s PING :\(String(fitting))\r\n".utf8), "seed \(seed)")
    }
  }
}
