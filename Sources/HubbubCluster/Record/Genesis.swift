import HubbubBytes
import HubbubRooms
import IRCWire

/// What all nodes of a network begin with, for good.
public struct Genesis: Sendable, Equatable {
  /// When the network began: the beginning of every message id.
  public let time: Timestamp

  /// Which node writes down the first state of all.
  public let founder: NodeID

  /// No other network is called so, also of those that have the same name in the settings.
  public let name: String

  /// A network that `founder` begins.
  init(at time: Timestamp, by founder: NodeID) {
    (self.time, self.founder) = (time, founder)
    let (high, low) = (UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max))
    name = String(high, radix: 36) + String(low, radix: 36)
  }

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.write(time)
    writer.write(UInt64(founder))
    writer.write(name)
    return writer.bytes
  }

  init(_ bytes: [UInt8]) throws(ByteReader.Malformed) {
    var reader = ByteReader(bytes[...])
    time = try reader.time()
    guard let founder = NodeID(exactly: try reader.number()) else {
      throw ByteReader.Malformed("there is no such node")
    }
    self.founder = founder
    name = try reader.text()
    guard reader.isAtEnd else { throw ByteReader.Malformed("something follows the beginning") }
  }
}
