/// `PRIVMSG #room :text`, or a NOTICE, taken apart where it lies: what is sent most, without a
/// copy.
///
/// A value that points into the line; valid for as long as the line's bytes stay where they are.
public struct PlainSpeech {
  public let isNotice: Bool

  /// The room's name.
  public let target: UnsafeRawBufferPointer

  /// UTF-8, not empty, no CTCP.
  public let text: UnsafeRawBufferPointer

  /// - Parameter line: without its ending.
  /// - Returns: nil for every other line, be it right or wrong: `Message` takes it apart.
  public init?(_ line: UnsafeRawBufferPointer) {
    guard let verbEnd = Self.verbEnd(line), line.count > verbEnd + 1,
      line[verbEnd + 1] == UInt8(ascii: "#")
    else { return nil }
    let rest = UnsafeRawBufferPointer(rebasing: line[(verbEnd + 1)...])
    guard let space = Self.nameEnd(rest), rest.count > space + 2, rest[space + 1] == Ascii.colon
    else { return nil }
    target = UnsafeRawBufferPointer(rebasing: rest[..<space])
    text = UnsafeRawBufferPointer(rebasing: rest[(space + 2)...])
    isNotice = line[0] | 0x20 == UInt8(ascii: "n")
    guard text[0] != 0x01, Self.isWritable(rest) else { return nil }
  }

  /// Where the space behind the command is; nil for another command.
  private static func verbEnd(_ line: UnsafeRawBufferPointer) -> Int? {
    func starts(with verb: StaticString) -> Bool {
      let length = verb.utf8CodeUnitCount
      guard line.count > length, line[length] == Ascii.space else { return false }
      return (0..<length).allSatisfy { line[$0] | 0x20 == verb.utf8Start[$0] }
    }
    if starts(with: "privmsg") { return 7 }
    return starts(with: "notice") ? 6 : nil
  }

  /// Where the name ends that the bytes begin with; nil for a list of them, or where nothing
  /// follows.
  private static func nameEnd(_ bytes: UnsafeRawBufferPointer) -> Int? {
    for (index, byte) in bytes.enumerated() {
      if byte == Ascii.space { return index }
      if byte == UInt8(ascii: ",") { return nil }
    }
    return nil
  }

  /// Whether there is no NUL and no CR in it, and it is UTF-8.
  private static func isWritable(_ bytes: UnsafeRawBufferPointer) -> Bool {
    // Without a branch, so that the compiler looks at many bytes at once.
    var forbidden: UInt8 = 0
    var bits: UInt8 = 0
    for byte in bytes {
      forbidden |= (byte == Ascii.null ? 1 : 0) | (byte == Ascii.carriageReturn ? 1 : 0)
      bits |= byte
    }
    if forbidden != 0 { return false }
    // Most lines are ASCII.
    return bits < 0x80 || String(validating: bytes, as: UTF8.self) != nil
  }
}
