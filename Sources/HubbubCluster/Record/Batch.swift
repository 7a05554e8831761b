import CZlib
import HubbubBytes
import HubbubRooms

/// What one node appends to the log at a time: actions in the order in which they were submitted,
/// or none, to say that it is there.
///
/// On the wire: `HB`, the version (1 byte); the node, its epoch, the batch's number, the time, the
/// actions, each with its length (`ByteWriter`); the CRC-32 of all of it (4 bytes, the highest
/// first).
struct Batch: Sendable, Equatable {
  let node: NodeID
  let epoch: Int64

  /// Among all that the node has ever appended, from 1.
  let number: UInt64

  /// When it was made, by the clock of the node, in milliseconds as in `Timestamp`.
  let time: Int64

  /// What the node's state was like at the last revision at which it looked.
  var check: StateCheck.Digest?

  /// `RecordedAction`s.
  let actions: [[UInt8]]

  /// What a batch takes at the most, and how many actions: etcd takes 1.5 MiB, in base64.
  static let (maxBytes, maxActions) = (256 * 1024, 1000)

  /// One action that is larger than a batch goes alone; larger than this etcd takes none.
  static let maxActionBytes = 768 * 1024

  static let version: UInt8 = 1
  private static let magic = Array("HB".utf8)

  init(
    node: NodeID, epoch: Int64, number: UInt64, time: Int64, check: StateCheck.Digest? = nil,
    actions: [[UInt8]]
  ) {
    (self.node, self.epoch, self.number, self.time) = (node, epoch, number, time)
    (self.check, self.actions) = (check, actions)
  }

  var bytes: [UInt8] {
    var writer = ByteWriter()
    for byte in Self.magic { writer.write(byte: byte) }
    writer.write(byte: Self.version)
    writer.write(UInt64(node))
    writer.write(UInt64(bitPattern: epoch))
    writer.write(number)
    writer.write(UInt64(bitPattern: time))
    writer.write(optional: check) { writer, check in
      writer.write(UInt64(bitPattern: check.revision))
      writer.write(check.digest)
    }
    writer.write(list: actions) { $0.write($1) }
    let sum = Self.checkSum(writer.bytes[...])
    for shift in [24, 16, 8, 0] { writer.write(byte: UInt8(truncatingIfNeeded: sum >> shift)) }
    return writer.bytes
  }

  /// - Throws: where the bytes are no batch, or one of another version.
  init(_ bytes: [UInt8]) throws(ByteReader.Malformed) {
    guard bytes.count >= 7 else { throw ByteReader.Malformed("a batch is too short") }
    let (content, tail) = (bytes.dropLast(4), bytes.suffix(4))
    guard content.prefix(2).elementsEqual(Self.magic) else {
      throw ByteReader.Malformed("this is no batch")
    }
    guard tail.reduce(UInt32(0), { $0 << 8 | UInt32($1) }) == Self.checkSum(content) else {
      throw ByteReader.Malformed("a batch was damaged")
    }
    guard content[2] == Self.version else {
      throw ByteReader.Malformed("a batch is of version \(content[2])")
    }
    var reader = ByteReader(content.dropFirst(3))
    guard let node = NodeID(exactly: try reader.number()) else {
      throw ByteReader.Malformed("there is no such node")
    }
    self.node = node
    epoch = Int64(bitPattern: try reader.number())
    number = try reader.number()
    time = Int64(bitPattern: try reader.number())
    check = try reader.optional { (reader) throws(ByteReader.Malformed) in
      StateCheck.Digest(
        revision: Int64(bitPattern: try reader.number()), digest: try reader.number())
    }
    actions = try reader.list { (reader) throws(ByteReader.Malformed) in try reader.data() }
    guard reader.isAtEnd else { throw ByteReader.Malformed("something follows a batch") }
  }

  private static func checkSum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBufferPointer { czlib_crc32($0.baseAddress, $0.count) }
  }
}
