import Testing

@testable import HubbubWeb

@Suite("HTTPBodyReader")
struct HTTPBodyReaderTests {
  private func read(
    _ body: HTTPBody, _ text: String, pieces: Int, limit: Int = 64
  ) -> (state: HTTPBodyReader.State, taken: Int) {
    var reader = HTTPBodyReader(body, limitBytes: limit)
    let bytes = Array(text.utf8)
    var taken = 0
    for start in stride(from: 0, to: bytes.count, by: pieces) {
      taken += Array(bytes[start..<min(bytes.count, start + pieces)]).withUnsafeBytes {
        reader.feed($0)
      }
    }
    return (reader.state, taken)
  }

  @Test("a body of a known length ends there")
  func length() {
    for size in 1...8 {
      let (state, taken) = read(.length(5), "helloGET", pieces: size)
      #expect(state == .complete(Array("hello".utf8)) && taken == 5)
    }
    #expect(read(.none, "GET", pieces: 3).state == .complete([]))
    #expect(read(.length(5), "hell", pieces: 4).state == .incomplete)
  }

  @Test("chunks are put together, with what they add left out")
  func chunks() {
    let text = "5\r\nhello\r\n1;name=\"a\"\r\n \r\nA \r\n0123456789\r\n0\r\nX: y\r\n\r\nGET"
    for size in 1...text.utf8.count {
      let (state, taken) = read(.chunked, text, pieces: size)
      #expect(state == .complete(Array("hello 0123456789".utf8)), "Pieces of \(size)")
      #expect(taken == text.utf8.count - 3)
    }
  }

  @Test(
    "chunks that two readers could read in two ways are refused",
    arguments: [
      "5\nhello\r\n", "5\r\nhello!\r\n", "\r\n", "x\r\n", "-1\r\n", "+1\r\n", "0x5\r\n",
      "5\r\nhello\n",
      "00000000000000001\r\na\r\n", ";a\r\n", "0\r\nX: y\n\n",
      String(repeating: "0", count: 300),
    ])
  func malformed(text: String) {
    for size in [1, text.utf8.count] {
      guard case .refused(let refusal) = read(.chunked, text, pieces: size).state else {
        Issue.record("Not refused: \(text)")
        return
      }
      #expect(refusal.status == .badRequest)
    }
  }

  @Test("a body over the limit is refused before it is read, in one piece and in chunks")
  func limit() {
    let tooLong = HTTPRefusal(.contentTooLarge, "The body of the request is too long.")
    #expect(read(.length(65), "", pieces: 1).state == .refused(tooLong))
    #expect(read(.chunked, "41\r\n", pieces: 4).state == .refused(tooLong))
    #expect(read(.chunked, "7fffffffffffffff\r\n", pieces: 4).state == .refused(tooLong))
    #expect(read(.chunked, "ffffffffffffffff\r\n", pieces: 4).state == .refused(tooLong))
    let chunk = "20\r\n\(String(repeating: "a", count: 32))\r\n"
    #expect(read(.chunked, chunk + chunk, pieces: 7).state == .incomplete)
    #expect(read(.chunked, chunk + chunk + "1\r\n", pieces: 7).state == .refused(tooLong))
  }

  @Test("trailers without an end are refused")
  func trailers() {
    let text = "0\r\n" + String(repeating: "X: y\r\n", count: 1000)
    guard case .refused = read(.chunked, text, pieces: 100).state else {
      Issue.record("Endless trailers were read")
      return
    }
  }
}
