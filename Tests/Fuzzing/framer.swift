/// The framer gives the same lines however the stream is cut into reads, and they are those of the plainest
/// way to cut a stream into lines. Where CR ends lines as well, no line has one, and no byte of a line is lost.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzFramer(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = Input(start, count)
  let limits = (body: 4 + input.byte() % 32, tags: 2 + input.byte() % 32)
  let cuts = [1 + input.byte() % 16, 1 + input.byte() % 64]
  let stream = input.bytes
  let expected = plainLines(stream, limits.body, limits.tags)
  func lines(pieces: [Int], _ endings: LineFramer.Endings) -> Lines {
    Fuzzing.lines(
      stream, pieces: pieces,
      LineFramer(bodyLimit: limits.body, tagLimit: limits.tags, endings: endings))
  }
  let atOnce = lines(pieces: [max(1, stream.count)], .lineFeed)
  let cut = lines(pieces: cuts, .lineFeed)
  require(atOnce == expected, "At once \(atOnce), expected \(expected)")
  require(cut == expected, "In pieces of \(cuts) \(cut), expected \(expected)")

  let any = lines(pieces: [max(1, stream.count)], .any)
  require(lines(pieces: cuts, .any) == any, "In pieces of \(cuts) other lines than \(any)")
  let texts = any.filter { $0 != [] }
  let plain = plainLines(onAnyEnding: stream, limits.body, limits.tags).filter { $0 != [] }
  require(texts == plain, "On any ending \(texts), expected \(plain)")
  return 0
}

/// nil stands for a line that was too long.
private typealias Lines = [[UInt8]?]

private func lines(_ stream: [UInt8], pieces: [Int], _ fresh: LineFramer) -> Lines {
  var framer = fresh
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
    let line = piece.last == 0x0D ? piece.dropLast() : piece
    return judged(Array(line), body, tags)
  }
}

/// CR and LF in any number and order, and the NUL of a CR NUL with them: without the empty lines it does not
/// matter which of them belong together.
private func plainLines(onAnyEnding stream: [UInt8], _ body: Int, _ tags: Int) -> Lines {
  let kept = stream.indices.filter { stream[$0] != 0 || $0 == 0 || stream[$0 - 1] != 0x0D }
    .map { stream[$0] }
  return kept.split(omittingEmptySubsequences: false) { $0 == 0x0D || $0 == 0x0A }.dropLast()
    .map { judged(Array($0), body, tags) }
}

private func judged(_ line: [UInt8], _ body: Int, _ tags: Int) -> [UInt8]? {
  var tagBytes = 0
  if line.first == 0x40 { tagBytes = line.firstIndex(of: 0x20).map { $0 + 1 } ?? line.count }
  return tagBytes <= tags && line.count - tagBytes <= body - 2 ? line : nil
}
