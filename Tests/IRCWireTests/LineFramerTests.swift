import HubbubThreads
import TestSupport
import Testing

@testable import IRCWire

/// What a framer cut out of a stream, kept beyond the life of the framer's buffer.
private enum Cut: Equatable {
  case text([UInt8])
  case tooLong

  static func text(_ string: String) -> Cut { .text(Array(string.utf8)) }
}

extension LineFramer {
  fileprivate mutating func cuts(_ bytes: some Sequence<UInt8>) -> [Cut] {
    var cuts: [Cut] = []
    Array(bytes).withUnsafeBytes { raw in
      feed(raw) { line in
        switch line {
        case .text(let text): cuts.append(.text(Array(text)))
        case .tooLong: cuts.append(.tooLong)
        }
        return true
      }
    }
    return cuts
  }
}

@Suite("LineFramer")
struct LineFramerTests {
  // "Servers SHOULD handle single `\n` character, and MAY handle a single `\r` character, as if it was a
  // `\r\n` pair" (Modern IRC, "Compatibility with incorrect software"). We do the first, not the second.
  @Test(
    "a line ends at CR LF or at LF alone, never at CR alone",
    arguments: [
      ("", []),
      ("A", []),
      ("A\r", []),
      ("A\r\n", ["A"]),
      ("A\n", ["A"]),
      ("A\r\nB\nC", ["A", "B"]),
      ("\r\n", [""]),
      ("\n\r\n\n", ["", "", ""]),
      ("A\rB\r\n", ["A\rB"]),
      ("A\r\r\n", ["A\r"]),
      ("\rA\n", ["\rA"]),
      ("A\n\rB\n", ["A", "\rB"]),
      ("A\0B\n", ["A\0B"]),
      (" A  B \r\n", [" A  B "]),
      (":\r\n", [":"]),
    ] as [(String, [String])])
  func endings(stream: String, lines: [String]) {
    var framer = LineFramer()
    #expect(framer.cuts(stream.utf8) == lines.map { Cut.text($0) })
    var slow = LineFramer()
    #expect(stream.utf8.flatMap { slow.cuts([$0]) } == lines.map { Cut.text($0) }, "P3, in bytes")
  }

  // "Servers SHOULD handle single `\n` character, and MAY handle a single `\r` character, as if it was a `\r\n`
  // pair". "CR NUL … must be used where a carriage return alone is actually desired" (RFC 854): what telnet
  // sends for Enter. LF CR and CR CR LF are of old scripts.
  @Test(
    "from clients CR and LF in any number and order end a line, and CR NUL",
    arguments: [
      ("A\r\nB\r\n", ["A", "B"]),
      ("A\nB\n", ["A", "B"]),
      ("A\rB\r", ["A", "B"]),
      ("A\n\rB\n\r", ["A", "B"]),
      ("A\r\r\nB\r\r\n", ["A", "B"]),
      ("A\r\r\r\nB", ["A"]),
      ("A\r\0B\r\0", ["A", "B"]),
      ("A\r\0\r\nB\n", ["A", "", "B"]),
      ("A\r\r\0B\n", ["A", "B"]),
      ("A\n\r\0B\n", ["A", "B"]),
      // Enter, and Enter again.
      ("\r\n\r\n", ["", ""]),
      ("\n\n", ["", ""]),
      ("\r\0\r\0", ["", ""]),
      ("\n\r\n\r", ["", ""]),
      // A NUL elsewhere ends nothing, and stays to be refused.
      ("A\0B\n", ["A\0B"]),
      ("\0A\n", ["\0A"]),
      ("A\n\0B\n", ["A", "\0B"]),
      ("A\r\n\0B\n", ["A", "\0B"]),
      ("A\r\0\0B\n", ["A", "\0B"]),
    ] as [(String, [String])])
  func anyEndings(stream: String, lines: [String]) {
    var framer = LineFramer(endings: .any)
    #expect(framer.cuts(stream.utf8) == lines.map { Cut.text($0) })
    var slow = LineFramer(endings: .any)
    #expect(stream.utf8.flatMap { slow.cuts([$0]) } == lines.map { Cut.text($0) }, "P3, in bytes")
  }

  @Test("a line is there as soon as its CR is, for a terminal may send nothing behind it")
  func atOnce() {
    var framer = LineFramer(endings: .any)
    #expect(framer.cuts("nell\r".utf8) == [.text("nell")])
    #expect(framer.cuts("\0".utf8) == [])
    #expect(framer.cuts("hello\r".utf8) == [.text("hello")])
    #expect(framer.cuts("\n".utf8) == [])
    #expect(framer.cuts("\r\n".utf8) == [.text("")])
  }

  @Test("the ending of a line that is too long is no line of its own")
  func tooLongOnAnyEnding() {
    var framer = LineFramer(endings: .any)
    let long = String(repeating: "a", count: 511)
    #expect(framer.cuts("\(long)\r\r\nA\r\n".utf8) == [.tooLong, .text("A")])
    #expect(framer.cuts(String(repeating: "a", count: 9000).utf8) == [])
    #expect(framer.cuts("\r\0A\r\0".utf8) == [.tooLong, .text("A")])
  }

  // "Most IRC servers limit messages to 512 bytes in length, including the trailing `CR-LF` characters."
  // (Modern IRC, "Message Format"). "<client_max> (4096) :: '@' <tag_data 4094> ' '" (IRCv3 message-tags).
  @Test(
    "the body and the tags have a limit each",
    arguments: [
      (0, 510, "\r\n", true),
      (0, 511, "\r\n", false),
      (0, 510, "\n", true),
      (0, 511, "\n", false),
      (4094, 1, "\r\n", true),
      (4095, 1, "\r\n", false),
      (4094, 510, "\r\n", true),
      (4094, 511, "\r\n", false),
      (4095, 510, "\r\n", false),
      (1, 511, "\r\n", false),
      (100_000, 1, "\n", false),
      (0, 100_000, "\n", false),
    ])
  func limits(tagData: Int, body: Int, ending: String, fits: Bool) {
    let tags = tagData == 0 ? "" : "@" + String(repeating: "t", count: tagData) + " "
    let line = tags + String(repeating: "b", count: body)
    let expected: [Cut] = [fits ? .text(line) : .tooLong, .text("PING")]
    let stream = Array((line + ending + "PING\r\n").utf8)
    for size in [1, 7, 512, 4096, stream.count] {
      var framer = LineFramer()
      var cuts: [Cut] = []
      for start in stride(from: 0, to: stream.count, by: size) {
        cuts += framer.cuts(stream[start..<min(start + size, stream.count)])
      }
      #expect(cuts == expected, "in pieces of \(size) bytes")
    }
  }

  // "clients must allow 8191 additional bytes" (Modern IRC, "Message Format").
  @Test("a client's framer takes 8191 bytes of tags", arguments: [(8189, true), (8190, false)])
  func serverTags(tagData: Int, fits: Bool) {
    var framer = LineFramer(tagLimit: 8191)
    let line =
      "@" + String(repeating: "t", count: tagData) + " " + String(repeating: "b", count: 510)
    #expect(framer.cuts((line + "\r\n").utf8) == [fits ? .text(line) : .tooLong])
  }

  @Test("tags that no space ends have the tags' limit", arguments: [(4096, true), (4097, false)])
  func tagsAlone(count: Int, fits: Bool) {
    var framer = LineFramer()
    let line = "@" + String(repeating: "t", count: count - 1)
    #expect(framer.cuts((line + "\r\n").utf8) == [fits ? .text(line) : .tooLong])
  }

  @Test("a line without an end is thrown away, counted, and reported once it ends (P1)")
  func discarding() {
    var framer = LineFramer()
    let piece = [UInt8](repeating: 0x61, count: 1024)
    for fed in 1...1024 {
      #expect(framer.cuts(piece) == [])
      #expect(framer.discardedBytes == (fed * 1024 > 4608 ? fed * 1024 : 0))
    }
    #expect(framer.cuts("end\r\nPING\r\n".utf8) == [.tooLong, .text("PING")])
    #expect(framer.discardedBytes == 0)
  }

  @Test("after `use` said no, the rest of that read is dropped and the next is fresh")
  func stopping() {
    var framer = LineFramer()
    var taken: [String] = []
    Array("A\nB\nC".utf8).withUnsafeBytes { raw in
      framer.feed(raw) { line in
        if case .text(let text) = line { taken.append(String(decoding: text, as: UTF8.self)) }
        return false
      }
    }
    #expect(taken == ["A"])
    #expect(framer.cuts("D\n".utf8) == [.text("D")])
  }

  @Test("what `use` throws comes out of `feed`, and the stream can go on")
  func throwing() {
    struct Refused: Error {}
    var framer = LineFramer()
    #expect(framer.cuts("A".utf8) == [])
    #expect(throws: Refused.self) {
      try Array("B\nC\n".utf8).withUnsafeBytes { raw in
        try framer.feed(raw) { _ in throw Refused() }
      }
    }
    #expect(framer.cuts("D\n".utf8) == [.text("D")])
  }

  @Test("either byte is found at any place, whichever comes first")
  func firstOfTwo() {
    for before in 0..<20 {
      for (first, second) in [(0x0D, 0x0A), (0x0A, 0x0D)] as [(UInt8, UInt8)] {
        for filler in [0x0B, 0x0C, 0x0E, 0x8A, 0x8D] as [UInt8] {
          let text = [0x62] + [UInt8](repeating: filler, count: before)
          var framer = LineFramer(endings: .any)
          let cuts = framer.cuts(text + [first] + [0x61] + [second] + text + [first])
          #expect(cuts == [.text(text), .text("a"), .text(text)])
        }
      }
    }
  }

  @Test(
    "the line feed is found at any place, among any bytes",
    arguments: [0x00, 0x01, 0x09, 0x0B, 0x0D, 0x20, 0x7F, 0x80, 0x8A, 0x8B, 0xFF] as [UInt8])
  func lineFeedAnywhere(filler: UInt8) {
    for before in 0..<40 {
      for after in 0..<10 {
        var framer = LineFramer()
        let tail = [UInt8](repeating: filler, count: after)
        let stream = [0x0A] + [UInt8](repeating: filler, count: before) + [0x0A] + tail
        let text = [UInt8](
          repeating: filler, count: before - (filler == 0x0D && before > 0 ? 1 : 0))
        #expect(framer.cuts(stream) == [.text([]), .text(text)])
        #expect(framer.cuts([0x62, 0x0A]) == [.text(tail + [0x62])])
      }
    }
  }

  @Test("however a stream is chopped, the lines are the same (P3, P8)")
  func chopping() {
    let seed = seed()
    var chance = SplitMix64(seed: seed)
    // The limits are small so that every stream meets them.
    let fresh = LineFramer(bodyLimit: 10, tagLimit: 12)
    let alphabet = Array("@ a\r\n\n:;\u{0}".utf8) + [0xFF]
    for round in 0..<3000 {
      let stream = (0..<Int.random(in: 0...150, using: &chance)).map { _ in
        Int.random(in: 0..<3, using: &chance) > 0 ? 0x61 : alphabet.randomElement(using: &chance)!
      }
      var whole = fresh
      let expected = whole.cuts(stream)
      var single = fresh
      #expect(stream.flatMap { single.cuts([$0]) } == expected, "round \(round), seed \(seed)")
      var chopped = fresh
      var cuts: [Cut] = []
      var rest = stream[...]
      while !rest.isEmpty {
        let count = Int.random(in: 1...30, using: &chance)
        cuts += chopped.cuts(rest.prefix(count))
        rest = rest.dropFirst(count)
      }
      #expect(cuts == expected, "round \(round), seed \(seed)")
    }
  }
}
