import HubbubBytes
import IRCWire

// A login as the nodes of a network tell each other of it (`MemberSession.credential`).

extension AccountLogin {
  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.write(UInt64(bitPattern: account))
    writer.write(name)
    writer.write(device)
    writer.write(way)
    writer.write(isByDevicePassword)
    writer.write(address)
    writer.write(since)
    return writer.bytes
  }

  init(_ bytes: [UInt8]) throws(ByteReader.Malformed) {
    var reader = ByteReader(bytes[...])
    self.init(
      account: Int64(bitPattern: try reader.number()), name: try reader.text(),
      device: try reader.text(), way: try reader.text(), isByDevicePassword: try reader.flag(),
      address: try reader.text(), since: try reader.time())
  }
}
