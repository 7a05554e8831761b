/// However a stream is cut into reads, its messages are the same; text is UTF-8, no message is
/// longer than its limit, and nothing follows the last event. Lines that the server frames come out
/// as they went in.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzWebSocket(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = Input(start, count)
  let limit = 1 + input.byte()
  let cut = 1 + input.byte() % 16
  let isWhole = input.byte() & 1 == 0
  let bytes = isWhole ? input.bytes : frames(input.bytes)

  let events = happenings(bytes, bytes.count, limit)
  require(happenings(bytes, cut, limit) == events, "In pieces of \(cut) other events: \(bytes)")
  for (index, event) in events.enumerated() {
    switch event {
    case .message(let isText, let payload):
      require(payload.count <= limit, "A message of \(payload.count) bytes")
      require(!isText || String(validating: payload, as: UTF8.self) != nil, "No text: \(payload)")
    case .control(let payload): require(payload.count <= 125, "\(payload.count) bytes of control")
    case .end: require(index == events.count - 1, "Something follows the end: \(events)")
    }
  }
  checkServerFrames(input.bytes)
  return 0
}

private enum Happening: Equatable {
  case message(isText: Bool, [UInt8])
  case control([UInt8])
  case end(UInt16?)
}

/// Frames made of an input, valid as such: the first byte of each says what it is and how long, and
/// is followed by its mask and its payload.
private func frames(_ bytes: [UInt8]) -> [UInt8] {
  var rest = bytes[...]
  var frames: [UInt8] = []
  let firsts: [UInt8] = [0x81, 0x01, 0x80, 0x00, 0x82, 0x02, 0x89, 0x88]
  while let byte = rest.popFirst() {
    let mask = rest.prefix(4) + [UInt8](repeating: 0, count: max(0, 4 - rest.count))
    rest = rest.dropFirst(4)
    let payload = rest.prefix(Int(byte >> 3))
    rest = rest.dropFirst(payload.count)
    frames += [firsts[Int(byte & 7)], 0x80 | UInt8(payload.count)] + mask + payload
  }
  return frames
}

private func happenings(_ bytes: [UInt8], _ size: Int, _ limit: Int) -> [Happening] {
  var framer = WebSocketFramer(messageBytes: limit)
  var happenings: [Happening] = []
  var message: [UInt8] = []
  for start in stride(from: 0, to: bytes.count, by: max(1, size)) {
    // A copy of exactly this piece, so that a read beyond it is one beyond its allocation.
    var piece = Array(bytes[start..<min(bytes.count, start + size)])
    piece.withUnsafeMutableBytes { piece in
      framer.feed(piece) { event in
        switch event {
        case .piece(let piece): message += piece
        case .messageEnd(let isText):
          happenings.append(.message(isText: isText, message))
          message = []
        case .ping(let payload), .pong(let payload): happenings.append(.control(Array(payload)))
        case .close(let code): happenings.append(.end(code?.rawValue))
        case .failed(let code, _): happenings.append(.end(code.rawValue))
        }
        return true
      }
    }
  }
  return happenings
}

/// Taking the headers off gives the lines again.
private func checkServerFrames(_ bytes: [UInt8]) {
  let frames = WebFrames.frames(lines: bytes, as: .binary)
  var rest = frames[...]
  var lines: [UInt8] = []
  while !rest.isEmpty {
    require(rest.removeFirst() == 0x82, "No frame begins here: \(frames)")
    var count = Int(rest.removeFirst())
    if count == 126 { count = Int(rest.removeFirst()) << 8 | Int(rest.removeFirst()) }
    lines += rest.prefix(count) + [0x0A]
    rest = rest.dropFirst(count)
  }
  var expected: [UInt8] = []
  for byte in bytes {
    if byte == 0x0A, expected.last == 0x0D { expected.removeLast() }
    expected.append(byte)
  }
  if let last = bytes.last, last != 0x0A { expected.append(0x0A) }
  require(lines == expected, "\(lines), expected \(expected)")
}
