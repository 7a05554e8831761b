/// The framer gives the same lines however the stream is cut into reads, and they are those of the plainest
/// way to cut a stream into lines.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzFramer(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = Input(start, count)
  let limits = (body: 4 + input.byte() % 32, tags: 2 + input.byte() % 32)
  let cuts = [1 + input.byte() % 16, 1 + input.byte() % 64]
  let stream = input.bytes
  let expected = plainLines(stream, limits.body, limits.tags)
  let atOnce = lines(stream, pieces: [max(1, stream.count)], limits.body, limits.tags)
  let cut = lines(stream, pieces: cuts, limits.body, limits.tags)
  require(atOnce == expected, "At once \(atOnce), expected \(expected)")
  require(cut == expected, "In pieces of \(cuts) \(cut), expected \(expected)")
  return 0
}

/// nil stands for a line that was too long.
private typealias Lines = [[UInt8]?]

private func lines(_ stream: [UInt8], pieces: [Int], _ body: Int, _ tags: Int) -> Lines {
  var framer = LineFramer(bodyLimit: body, tagLimit: tags)
  var lines: Lines = []
  var (position, turn) = (0, 0)
  while position < stream.count {
    let end = min(stream.count, position + pieces[turn % pieces.count])
    // A copy of exactly this piece, so that a read beyond it is one beyond its allocation.
    Array(stream[position..<end]).withUnsafeBytes { piece in
      framer.feed(piece) { line in
        switch line {
        case .text(let text): lines.append(Array(text))
        case .tooLong: lines.append(nil)
        }
        return true
      }
    }
    (position, turn) = (end, turn + 1)
  }
  return lines
}

private func plainLines(_ stream: [UInt8], _ body: Int, _ tags: Int) -> Lines {
  stream.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast().map { piece in
    var line = Array(piece)
    if line.last == 0x0D { line.removeLast() }
    var tagBytes = 0
    if line.first == 0x40 { tagBytes = line.firstIndex(of: 0x20).map { $0 + 1 } ?? line.count }
    return tagBytes <= tags && line.count - tagBytes <= body - 2 ? line : nil
  }
}
