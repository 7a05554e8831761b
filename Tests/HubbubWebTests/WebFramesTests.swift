import HubbubThreads
import IRCWire
import TestSupport
import Testing

@testable import HubbubWeb

@Suite("WebFrames")
struct WebFramesTests {
  @Test(
    "a header has 2, 4 or 10 bytes by the length of the line",
    arguments: [
      (0, [0x81, 0]), (1, [0x81, 1]), (125, [0x81, 125]), (126, [0x81, 126, 0, 126]),
      (127, [0x81, 126, 0, 127]), (65_535, [0x81, 126, 0xFF, 0xFF]),
      (65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
    ] as [(Int, [UInt8])])
  func headers(count: Int, header: [UInt8]) {
    let line = [UInt8](repeating: 0x61, count: count)
    var frame: [UInt8] = []
    WebFrames.append(line, as: .text, to: &frame)
    #expect(Array(frame.prefix(header.count)) == header)
    #expect(Array(frame.dropFirst(header.count)) == line)
    #expect(WebFrames.headerBytes(payload: count) == header.count)
    #expect(WebFrames.frames(lines: line + [0x0D, 0x0A], as: .text) == frame)
  }

  @Test(
    "each line becomes a frame without its ending",
    arguments: [
      ("A\r\n", ["A"]), ("A\r\nBC\r\n", ["A", "BC"]), ("", []), ("\r\n", [""]),
      ("A\nB\n", ["A", "B"]),
      ("A\r\nB", ["A", "B"]), ("A\rB\r\n", ["A\rB"]), ("A\r", ["A\r"]), ("\n\r\n", ["", ""]),
    ] as [(String, [String])])
  func lines(text: String, lines: [String]) {
    let expected: [UInt8] = lines.flatMap { line -> [UInt8] in
      [0x82, UInt8(line.utf8.count)] + Array(line.utf8)
    }
    #expect(WebFrames.frames(lines: Array(text.utf8), as: .binary) == expected)
  }

  @Test("lines that are framed where they stand become the same frames, and nothing before moves")
  func inPlace() {
    for count in [0, 1, 125, 126, 400, 66_000] {
      let line = [UInt8](repeating: 0x61, count: count) + [0x0D, 0x0A]
      for lines in [line, line + line, line + [0x62], [0x62, 0x0A], [0x0A]] {
        var bytes: [UInt8] = [1, 2, 3]
        bytes += lines
        WebFrames.frame(linesFrom: 3, in: &bytes, as: .binary)
        #expect(bytes == [1, 2, 3] + WebFrames.frames(lines: lines, as: .binary), "\(count)")
      }
    }
  }

  @Test("no line of at most 125 bytes is a byte longer than with its CR LF")
  func size() {
    let lines = (0...125).map { String(repeating: "x", count: $0) + "\r\n" }.joined()
    #expect(WebFrames.frames(lines: Array(lines.utf8), as: .text).count == lines.utf8.count)
  }

  @Test("control frames carry at most 125 bytes, and a reason ends between characters")
  func control() {
    #expect(WebFrames.close(.normal) == [0x88, 2, 0x03, 0xE8])
    #expect(WebFrames.close(.goingAway, "bye") == [0x88, 5, 0x03, 0xE9] + Array("bye".utf8))
    let long = WebFrames.close(.policy, String(repeating: "é", count: 100))
    #expect(long[1] == 124 && String(validating: long[4...], as: UTF8.self) != nil)
    #expect([UInt8(1), 2].withUnsafeBytes { WebFrames.pong($0) } == [0x8A, 2, 1, 2])
    #expect(WebFrames.ping() == [0x89, 0])
  }

  @Test("what the server frames, a client that masks it sends back as the same lines")
  func thereAndBack() {
    var chance = SplitMix64(seed: seed())
    for _ in 0..<100 {
      let lines = (0..<Int.random(in: 1...6, using: &chance)).map { _ in
        (0..<Int.random(in: 0...300, using: &chance)).map { _ in
          UInt8.random(in: 0x20...0x7E, using: &chance)
        }
      }
      let frames = WebFrames.frames(lines: lines.flatMap { $0 + [0x0D, 0x0A] }, as: .text)
      #expect(
        frames.count == lines.reduce(0) { $0 + WebFrames.headerBytes(payload: $1.count) + $1.count }
      )
      let echoed = lines.flatMap { clientFrame(0x81, $0) }
      #expect(happenings(echoed, pieces: 17) == lines.map { .text($0) })
    }
  }
}
