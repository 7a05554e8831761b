import IRCWire
import Testing

@testable import HubbubWeb

@Suite("WebLineFramer")
struct WebLineFramerTests {
  /// nil stands for a line that was too long; what is no line is left out.
  private func lines(_ bytes: [UInt8], pieces: Int) -> [String?] {
    var framer = WebLineFramer()
    var lines: [String?] = []
    for start in stride(from: 0, to: bytes.count, by: pieces) {
      var piece = Array(bytes[start..<min(bytes.count, start + pieces)])
      piece.withUnsafeMutableBytes { piece in
        framer.feed(piece) { event in
          switch event {
          case .line(.text(let text)): lines.append(String(decoding: text, as: UTF8.self))
          case .line(.tooLong): lines.append(nil)
          case .ping, .pong, .close, .failed: break
          }
          return true
        }
      }
    }
    return lines
  }

  @Test(
    "a message is a line; an ending at its end is forgiven, one within it ends the line",
    arguments: [
      (["NICK ann"], ["NICK ann"]), (["NICK ann\r\n", "A\n", "B\r"], ["NICK ann", "A", "B"]),
      (["A\r\nB"], ["A", "B"]), ([""], []), (["", "A", ""], ["A"]),
    ] as [([String], [String?])])
  func messages(messages: [String], expected: [String?]) {
    let bytes = messages.flatMap { clientFrame(0x81, $0) }
    for size in 1...bytes.count { #expect(lines(bytes, pieces: size) == expected) }
  }

  @Test("a line over the limit of IRC is too long, and the next one is read")
  func tooLong() {
    let fits = String(repeating: "x", count: 510)
    let bytes = [fits, fits + "x", "A", String(repeating: "y", count: 60_000), "B"]
      .flatMap { clientFrame(0x81, $0) }
    #expect(lines(bytes, pieces: 1000) == [fits, nil, "A", nil, "B"])
  }

  @Test("a line that came whole in one read is not copied: it stays where it was read")
  func places() {
    var bytes = ["PRIVMSG #r :one", "PRIVMSG #r :two\r\n", "three\nfour"]
      .flatMap { clientFrame(0x81, $0) }
    var framer = WebLineFramer()
    var kept: [UnsafeRawBufferPointer] = []
    bytes.withUnsafeMutableBytes { bytes in
      framer.feed(bytes) { event in
        if case .line(.text(let text)) = event { kept.append(text) }
        return true
      }
      let all = UnsafeRawBufferPointer(bytes)
      for line in kept {
        #expect(line.baseAddress! >= all.baseAddress!)
        #expect(line.baseAddress! + line.count <= all.baseAddress! + all.count)
      }
      #expect(
        kept.map { String(decoding: $0, as: UTF8.self) }
          == ["PRIVMSG #r :one", "PRIVMSG #r :two", "three", "four"])
    }
  }

  @Test("a line whose message turns out not to be text is none")
  func invalid() {
    let bad = clientFrame(0x01, "A\nB") + [0x80, 0x81, 0, 0, 0, 0, 0xC3]
    for size in 1...bad.count { #expect(lines(bad, pieces: size) == ["A"]) }
  }

  @Test("a message of several fragments with a ping between them is one line")
  func fragments() {
    let bytes = clientFrame(0x01, "NI") + clientFrame(0x89, "") + clientFrame(0x80, "CK ann")
    for size in 1...bytes.count { #expect(lines(bytes, pieces: size) == ["NICK ann"]) }
  }
}
