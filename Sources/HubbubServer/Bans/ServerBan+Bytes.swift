import HubbubBytes
import HubbubRooms
import IRCWire

// A ban as the nodes of a network keep it in common.

extension ServerBan {
  /// The book of the network that the bans are in, by their targets.
  static let book = "bans"

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.write("\(target)")
    writer.write(reason)
    writer.write(setBy)
    writer.write(setAt)
    writer.write(optional: expiresAt) { $0.write($1) }
    return writer.bytes
  }

  /// nil for what no node of this version has written.
  init?(_ bytes: [UInt8]) {
    var reader = ByteReader(bytes[...])
    do {
      target = try Target(try reader.text())
      (reason, setBy) = (try reader.text(), try reader.text())
      setAt = try reader.time()
      expiresAt = try reader.optional { (reader) throws(ByteReader.Malformed) in
        try reader.time()
      }
    } catch {
      return nil
    }
  }
}
