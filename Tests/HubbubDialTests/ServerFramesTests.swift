import HubbubThreads
import Testing

@testable import HubbubDial

/// What a server's frames (RFC 6455 section 5.2) carry, as lines.
@Suite struct ServerFramesTests {
  /// Feeds the bytes in pieces of `size`.
  private static func decode(
    _ bytes: [UInt8], by size: Int, _ frames: inout ServerFrames
  ) throws -> String {
    var lines: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(size)
      rest = rest.dropFirst(size)
      // Not a byte more than the lines may take.
      var buffer = Array(repeating: UInt8(0), count: ServerFrames.surplus) + piece
      let count = try buffer.withUnsafeMutableBytes {
        try frames.decode($0, count: piece.count)
      }
      lines += buffer[..<count]
    }
    return String(decoding: lines, as: UTF8.self)
  }

  private static func frame(_ first: UInt8, _ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    let length: [UInt8] =
      switch bytes.count {
      case ...125: [UInt8(bytes.count)]
      case ...0xFFFF: [126, UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)]
      default: [127] + (0..<8).reversed().map { UInt8(bytes.count >> (8 * $0) & 0xFF) }
      }
    return [first] + length + bytes
  }

  @Test func `each message is a line, however the bytes come`() throws {
    let long = String(repeating: "x", count: 400)
    let huge = String(repeating: "y", count: 70_000)
    let bytes =
      Self.frame(0x81, "one") + Self.frame(0x82, "two") + Self.frame(0x89, "ping")
      + Self.frame(0x81, long) + Self.frame(0x01, "thr") + Self.frame(0x8A, "")
      + Self.frame(0x00, "") + Self.frame(0x89, "") + Self.frame(0x80, "ee")
      + Self.frame(0x81, "with its own\r\n") + Self.frame(0x01, "four") + Self.frame(0x80, "")
      + Self.frame(0x81, huge) + Self.frame(0x81, "five")
    let wanted = "one\r\ntwo\r\n\(long)\r\nthree\r\nwith its own\r\nfour\r\n\(huge)\r\nfive\r\n"
    for size in Array(1...20) + [127, 403, 1 << 20] {
      var frames = ServerFrames()
      #expect(try Self.decode(bytes, by: size, &frames) == wanted, "in pieces of \(size)")
      #expect(frames.takePing() == [] && frames.ping == nil)
      #expect(!frames.hasEnded)
    }
  }

  @Test func `of several pings the last is answered, once`() throws {
    var frames = ServerFrames()
    _ = try Self.decode(Self.frame(0x89, "one") + Self.frame(0x89, "two"), by: 3, &frames)
    #expect(frames.takePing() == Array("two".utf8))
    #expect(frames.takePing() == nil)
  }

  @Test func `nothing follows a close frame`() throws {
    for size in 1...10 {
      var frames = ServerFrames()
      let bytes = Self.frame(0x81, "a") + [0x88, 2, 3, 0xE8] + Self.frame(0x81, "b")
      #expect(try Self.decode(bytes, by: size, &frames) == "a\r\n")
      #expect(frames.hasEnded)
    }
  }

  @Test(
    arguments: [
      [0x81, 0x81, 1, 2, 3, 4, 5], [0xC1, 1, 0x61], [0x83, 0], [0x8B, 0], [0x09, 0],
      [0x89, 126, 0, 126], [0x81, 127, 0xFF, 0, 0, 0, 0, 0, 0, 0],
    ] as [[UInt8]])
  func `what no server may send is refused`(bytes: [UInt8]) {
    for size in 1...bytes.count {
      var frames = ServerFrames()
      #expect(throws: SystemError.self) { try Self.decode(bytes, by: size, &frames) }
    }
  }
}
