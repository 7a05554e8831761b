import HubbubRooms
import IRCWire

extension RoomModes {
  /// What a room's key can be: what JOIN can say.
  ///
  /// - Parameter limit: its maximum length in bytes.
  static func isKey(_ text: String, limit: Int) -> Bool {
    (1...limit).contains(text.utf8.count)
      && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x2C && $0 != 0x7F }
      && text.utf8.first != UInt8(ascii: ":")
  }

  /// How many a room can be limited to.
  static func isLimit(_ text: String) -> Bool { Int(text).map { $0 > 0 } ?? false }
}
