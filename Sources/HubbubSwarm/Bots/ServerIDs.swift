/// The ids that a server gives to its messages, one number for each arrival; 0 where it gave none.
///
/// IRCv3 message-ids: "the same message MUST have the same id" for everybody, and no two the same.
struct ServerIDs: Sendable {
  private(set) var hashes: [UInt64] = []
  private var finder = TagFinder(key: "msgid=")

  /// Notes a message whose id was not looked at.
  mutating func skip() { hashes.append(0) }

  /// Notes the id of the message on this line.
  mutating func note(_ line: UnsafeRawPointer, _ newline: UnsafeRawPointer) {
    guard var place = finder.value(in: line, newline) else { return hashes.append(0) }
    // FNV-1a.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    while place < newline {
      let byte = place.load(as: UInt8.self)
      if byte == UInt8(ascii: ";") || byte == UInt8(ascii: " ") { break }
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      place += 1
    }
    hashes.append(hash)
  }
}
