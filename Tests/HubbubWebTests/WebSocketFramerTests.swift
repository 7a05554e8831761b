import HubbubThreads
import TestSupport
import Testing

@testable import HubbubWeb

@Suite("WebSocketFramer")
struct WebSocketFramerTests {
  @Test(
    "what RFC 6455 describes is what is read, wherever the bytes are cut",
    arguments: [
      // Section 5.7: "A single-frame masked text message … (contains "Hello")"
      ([0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58], [.text("Hello")]),
      (clientFrame(0x82, "Hello"), [.binary(Array("Hello".utf8))]),
      (clientFrame(0x81, ""), [.text("")]),
      // "A fragmented … text message"
      (clientFrame(0x01, "Hel") + clientFrame(0x80, "lo"), [.text("Hello")]),
      (
        clientFrame(0x01, "Hel") + clientFrame(0x89, "p") + clientFrame(0x00, "")
          + clientFrame(0x80, "lo"),
        [.ping([0x70]), .text("Hello")]
      ),
      (clientFrame(0x8A, "x") + clientFrame(0x89, ""), [.pong([0x78]), .ping([])]),
      // A character in two fragments.
      (clientFrame(0x01, [0xC3]) + clientFrame(0x80, [0xA9]), [.text("é")]),
      (clientFrame(0x88, ""), [.close(nil)]),
      (clientFrame(0x88, [0x03, 0xE9] + Array("going".utf8)), [.close(1001)]),
      // Nothing behind a close frame is read.
      (clientFrame(0x88, [0x03, 0xE8]) + clientFrame(0x81, "late"), [.close(1000)]),
    ] as [([UInt8], [Happening])])
  func valid(bytes: [UInt8], expected: [Happening]) {
    for size in 1...bytes.count {
      #expect(happenings(bytes, pieces: size) == expected, "Pieces of \(size)")
    }
  }

  @Test(
    "who breaks the protocol is told the code of the table",
    arguments: [
      // "The server MUST close the connection upon receiving a frame that is not masked."
      ([0x81, 0x05] + Array("Hello".utf8), 1002),
      (clientFrame(0xC1, "a"), 1002), (clientFrame(0xA1, "a"), 1002),
      (clientFrame(0x91, "a"), 1002),
      (clientFrame(0x83, "a"), 1002), (clientFrame(0x8B, "a"), 1002),
      (clientFrame(0x8F, "a"), 1002),
      // "All control frames MUST have a payload length of 125 bytes or less and MUST NOT be
      // fragmented."
      (clientFrame(0x09, "a"), 1002), (clientFrame(0x08, ""), 1002),
      (clientFrame(0x89, [UInt8](repeating: 0, count: 126)), 1002),
      (clientFrame(0x80, "a"), 1002), (clientFrame(0x00, "a"), 1002),
      (clientFrame(0x01, "a") + clientFrame(0x81, "b"), 1002),
      ([0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0], 1002),
      (clientFrame(0x88, [0x03]), 1002), (clientFrame(0x88, [0x03, 0xED]), 1002),
      (clientFrame(0x88, [0x00, 0x00]), 1002), (clientFrame(0x88, [0x03, 0xE8, 0xFF]), 1007),
      // Section 8.1: text that is not UTF-8
      (clientFrame(0x81, [0xFF]), 1007), (clientFrame(0x81, [0xC0, 0x80]), 1007),
      (clientFrame(0x81, [0xED, 0xA0, 0x80]), 1007), (clientFrame(0x81, [0xF4, 0x90]), 1007),
      (clientFrame(0x81, [0xE0, 0x9F]), 1007), (clientFrame(0x81, [0xF0, 0x8F]), 1007),
      (clientFrame(0x81, [0xC3]), 1007), (clientFrame(0x01, [0xC3]) + clientFrame(0x80, "a"), 1007),
      ([0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], 1009),
    ] as [([UInt8], UInt16)])
  func invalid(bytes: [UInt8], code: UInt16) {
    for size in 1...bytes.count {
      #expect(happenings(bytes, pieces: size) == [.failed(code)], "Pieces of \(size)")
    }
  }

  @Test("bytes that are no text are fine in a binary message")
  func binary() {
    #expect(happenings(clientFrame(0x82, [0xFF, 0xC0]), pieces: 1) == [.binary([0xFF, 0xC0])])
  }

  @Test("a message has a limit, in one frame or in many, and not a byte less")
  func limit() {
    func bytes(_ counts: [Int]) -> [UInt8] {
      counts.indices.flatMap { index in
        let first: UInt8 = (index == 0 ? 0x02 : 0) | (index == counts.count - 1 ? 0x80 : 0)
        return clientFrame(first, [UInt8](repeating: 7, count: counts[index]))
      }
    }
    for counts in [[1000], [500, 500], [0, 1000, 0], [1, 998, 1]] {
      let whole = [Happening.binary([UInt8](repeating: 7, count: 1000))]
      #expect(happenings(bytes(counts), pieces: 100, limit: 1000) == whole)
      #expect(happenings(bytes(counts + [1]), pieces: 100, limit: 1000) == [.failed(1009)])
    }
    // The long form of a length, and a message after the one at the limit.
    let large = [UInt8](repeating: 9, count: 65_536)
    let twice = clientFrame(0x82, large) + clientFrame(0x82, large)
    #expect(happenings(twice, pieces: 4096) == [.binary(large), .binary(large)])
  }

  @Test("after `use` said no, nothing more is handed out")
  func stopping() {
    var framer = WebSocketFramer()
    var bytes = clientFrame(0x81, "a") + clientFrame(0x81, "b")
    var count = 0
    bytes.withUnsafeMutableBytes {
      framer.feed($0) { _ in
        count += 1
        return count < 2
      }
    }
    #expect(count == 2)
  }

  @Test("random messages arrive whole, however they are fragmented, masked and cut")
  func random() {
    var chance = SplitMix64(seed: seed())
    for _ in 0..<300 {
      var bytes: [UInt8] = []
      var expected: [Happening] = []
      for _ in 0..<Int.random(in: 1...5, using: &chance) {
        let payload = (0..<Int.random(in: 0...300, using: &chance))
          .map { _ in UInt8.random(in: 0...255, using: &chance) }
        expected.append(.binary(payload))
        let cut = Int.random(in: 0...payload.count, using: &chance)
        func mask() -> [UInt8] { (0..<4).map { _ in UInt8.random(in: 0...255, using: &chance) } }
        bytes += clientFrame(0x02, Array(payload[..<cut]), mask: mask())
        bytes += clientFrame(0x80, Array(payload[cut...]), mask: mask())
      }
      let pieces = Int.random(in: 1...64, using: &chance)
      #expect(happenings(bytes, pieces: pieces) == expected)
    }
  }
}
