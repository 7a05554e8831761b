import Testing

@testable import HubbubWeb

@Suite("UTF8Checker")
struct UTF8CheckerTests {
  private func accepts(_ bytes: [UInt8], pieces: Int) -> Bool {
    var checker = UTF8Checker()
    for start in stride(from: 0, to: bytes.count, by: pieces) {
      let piece = Array(bytes[start..<min(bytes.count, start + pieces)])
      guard piece.withUnsafeBytes({ checker.accepts($0) }) else { return false }
    }
    return checker.isBetweenCharacters
  }

  @Test("it agrees with the standard library about every sequence that begins a character")
  func everyBeginning() {
    func check(_ bytes: [UInt8]) {
      let expected = String(validating: bytes, as: UTF8.self) != nil
      if accepts(bytes, pieces: 4) != expected { Issue.record("\(bytes)") }
    }
    // What matters of the third and fourth byte is which of the bounds it lies at.
    let edges: [UInt8] = [0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0]
    for first in UInt8.min...UInt8.max {
      for second in UInt8.min...UInt8.max { check([first, second]) }
      for second in edges {
        for third in edges {
          check([first, second, third])
          for fourth in edges { check([first, second, third, fourth]) }
        }
      }
    }
  }

  @Test("pieces make no difference, and a fault is told at the first byte that shows it")
  func pieces() {
    let text = Array("plain ascii text, é, ‰, 🙂, and again plain text".utf8)
    for size in 1...text.count { #expect(accepts(text, pieces: size)) }
    var checker = UTF8Checker()
    #expect([UInt8(0xF0)].withUnsafeBytes { checker.accepts($0) })
    #expect(![UInt8(0x8F)].withUnsafeBytes { checker.accepts($0) })
  }
}
