/// What a person's terminal sends, taken apart: characters, keys and pastes.
///
/// A plain value: feed it the bytes of each read and take events until there are none.
struct InputDecoder {
  enum Event: Equatable {
    /// A character for the line editor, ESC and control characters included.
    case scalar(Unicode.Scalar)

    /// A key that the client knows.
    case key(Key)

    /// What a bracketed paste held.
    case paste(String)

    /// A paste that was too large: nothing of it is kept but its size.
    case hugePaste(bytes: Int)
  }

  /// Larger pastes are refused as a whole: nobody wants to send a novel by mistake.
  static let pasteLimitBytes = 1 << 20

  /// A longer escape sequence is none.
  private static let sequenceLimitBytes = 64

  private var bytes: [UInt8] = []
  private var start = 0
  private var pasted: [UInt8]?
  private var pastedBytes = 0

  /// Whether a paste has begun and not ended. Where nothing more of it comes its end was lost: then
  /// call `giveUpWaiting`, or all keys would go into it.
  var isPasting: Bool { pasted != nil }

  /// Whether the next byte decides what the last ones mean: then wait for it a little, and no
  /// longer.
  private(set) var isUndecided = false

  mutating func feed(_ more: some Collection<UInt8>) {
    // Ctrl-C by itself is a key, whatever else is going on; within a paste it has company.
    if isPasting, more.allSatisfy({ $0 == Byte.interrupt }) {
      bytes.removeAll()
      start = 0
      pasted = nil
    }
    bytes.append(contentsOf: more)
    isUndecided = false
  }

  /// The next event; nil when there is none, or when it has not arrived completely.
  mutating func next() -> Event? {
    while start < bytes.count {
      let event = pasted == nil ? nextTyped() : nextPasted()
      if let event { return event }
      if isUndecided { return nil }
    }
    bytes.removeAll(keepingCapacity: true)
    start = 0
    return nil
  }

  /// No more bytes came: a lone ESC was the key of that name, the rest of a sequence is dropped,
  /// and a paste without an end is what came of it.
  mutating func giveUpWaiting() -> Event? {
    guard isUndecided || isPasting else { return nil }
    isUndecided = false
    if isPasting {
      start = bytes.count
      return endPaste()
    }
    let isEscape = start < bytes.count && bytes[start] == Byte.escape
    let isLong = bytes.count - start > 2
    start = isLong ? bytes.count : start + 1
    return isEscape && !isLong ? .scalar("\u{1B}") : nil
  }

  private mutating func nextTyped() -> Event? {
    let first = bytes[start]
    if first == Byte.escape { return nextEscape() }
    if first < 0x80 {
      start += 1
      return .scalar(Unicode.Scalar(first))
    }
    return nextWide(length: first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2)
  }

  private mutating func nextWide(length: Int) -> Event? {
    let available = min(length, bytes.count - start)
    let piece = bytes[start..<start + available]
    let isWhole = piece.dropFirst().allSatisfy { $0 & 0xC0 == 0x80 }
    if isWhole, available < length, bytes[start] >= 0xC2 {
      isUndecided = true
      return nil
    }
    guard let text = String(validating: piece, as: UTF8.self),
      let scalar = text.unicodeScalars.first
    else {
      start += 1
      return nil
    }
    start += length
    // The editor's keys are bound to the C1 codes: nobody types those.
    return (0x80..<0xA0).contains(scalar.value) ? nil : .scalar(scalar)
  }

  private mutating func nextEscape() -> Event? {
    guard start + 1 < bytes.count else {
      isUndecided = true
      return nil
    }
    switch bytes[start + 1] {
    case UInt8(ascii: "["): return nextControlSequence()
    case UInt8(ascii: "O"): return nextFunctionKey()
    case let digit where (0x31...0x39).contains(digit):
      start += 2
      return .key(.room(Int(digit - 0x30)))
    case UInt8(ascii: "a"), UInt8(ascii: "A"):
      start += 2
      return .key(.mostWanted)
    default:
      // Alt and a key: libedit's own maps know what ESC and the key mean.
      start += 1
      return .scalar("\u{1B}")
    }
  }

  /// `ESC O letter`: arrows and the like in application mode.
  private mutating func nextFunctionKey() -> Event? {
    guard start + 2 < bytes.count else {
      isUndecided = true
      return nil
    }
    let final = bytes[start + 2]
    start += 3
    return Key(final: final, parameters: []).map(Event.key)
  }

  /// `ESC [ parameters final`.
  private mutating func nextControlSequence() -> Event? {
    var end = start + 2
    // The Linux console's F1 to F5 are ESC [ [ and a letter.
    if end < bytes.count, bytes[end] == UInt8(ascii: "[") { end += 1 }
    while end < bytes.count, (0x20..<0x40).contains(bytes[end]) { end += 1 }
    guard end < bytes.count else {
      if end - start > Self.sequenceLimitBytes { start = end } else { isUndecided = true }
      return nil
    }
    let text = String(decoding: bytes[start + 2..<end], as: UTF8.self)
    let parameters = text.split(separator: ";", omittingEmptySubsequences: false).map {
      Int($0) ?? 0
    }
    let final = bytes[end]
    start = end + 1
    if text.hasPrefix("[") { return nil }
    if final == UInt8(ascii: "~"), parameters == [200] {
      pasted = []
      pastedBytes = 0
      return nil
    }
    return Key(final: final, parameters: parameters).map(Event.key)
  }

  private mutating func nextPasted() -> Event? {
    let end: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]  // ESC [ 201 ~
    guard let escape = bytes[start...].firstIndex(of: Byte.escape) else {
      keepPasted(bytes[start...])
      start = bytes.count
      return nil
    }
    keepPasted(bytes[start..<escape])
    start = escape
    let tail = bytes[escape...].prefix(end.count)
    if tail.elementsEqual(end) {
      start += end.count
      return endPaste()
    }
    if end.starts(with: tail) {
      isUndecided = true
    } else {
      start += 1  // An ESC inside a paste: dropped.
    }
    return nil
  }

  private mutating func keepPasted(_ piece: ArraySlice<UInt8>) {
    pastedBytes += piece.count
    if pastedBytes > Self.pasteLimitBytes { pasted = [] } else { pasted?.append(contentsOf: piece) }
  }

  private mutating func endPaste() -> Event {
    defer { pasted = nil }
    guard pastedBytes <= Self.pasteLimitBytes else { return .hugePaste(bytes: pastedBytes) }
    return .paste(String(decoding: pasted ?? [], as: UTF8.self))
  }

  private enum Byte {
    static let interrupt: UInt8 = 0x03
    static let escape: UInt8 = 0x1B
  }
}
