import Testing

@testable import HubbubServer

@Suite struct ReadBufferTests {
  @Test("a buffer grows with reads that fill it, up to its maximum")
  func growing() {
    var buffer = ReadBuffer()
    var sizes = [buffer.bytes.count]
    for _ in 0..<4 {
      buffer.adapt(to: buffer.bytes.count)
      sizes.append(buffer.bytes.count)
    }
    #expect(sizes == [1024, 4096, 16 * 1024, 16 * 1024, 16 * 1024])
  }

  @Test("after a while of small reads it has its first size again")
  func shrinking() {
    var buffer = Self.grown()
    for _ in 0..<ReadBuffer.patience - 1 { buffer.adapt(to: 100) }
    #expect(buffer.bytes.count == ReadBuffer.largest)
    buffer.adapt(to: 100)
    #expect(buffer.bytes.count == ReadBuffer.largest / 4)
    for _ in 0..<ReadBuffer.patience { buffer.adapt(to: 100) }
    #expect(buffer.bytes.count == ReadBuffer.smallest)
    for _ in 0..<10 * ReadBuffer.patience { buffer.adapt(to: 100) }
    #expect(buffer.bytes.count == ReadBuffer.smallest)
  }

  @Test("one large read among the small ones is enough to keep the size")
  func keeping() {
    var buffer = Self.grown()
    for number in 1...10 * ReadBuffer.patience {
      buffer.adapt(to: number % ReadBuffer.patience == 0 ? 10_000 : 100)
    }
    #expect(buffer.bytes.count == ReadBuffer.largest)
  }

  @Test("whoever says nothing for a while keeps no more than the first size")
  func silence() {
    var buffer = Self.grown()
    buffer.shrink()
    #expect(buffer.bytes.count == ReadBuffer.smallest)
  }

  private static func grown() -> ReadBuffer {
    var buffer = ReadBuffer()
    for _ in 0..<2 { buffer.adapt(to: buffer.bytes.count) }
    return buffer
  }
}
