import HubbubBytes
import IRCWire

// Changes of modes as nodes tell each other of them.

extension ModeChange {
  func write(to writer: inout ByteWriter) {
    writer.write(isAdding)
    writer.write(String(mode))
    writer.write(optional: parameter)
  }

  init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    let isAdding = try reader.flag()
    self.init(isAdding: isAdding, try reader.letter(), try reader.optionalText())
  }
}

extension ByteReader {
  mutating func letter() throws(Malformed) -> Character {
    let text = try text()
    guard text.count == 1, let letter = text.first else { throw Malformed("no letter of a mode") }
    return letter
  }

  mutating func status() throws(Malformed) -> MemberStatus {
    MemberStatus(rawValue: try byte())
  }
}

extension RoomMask {
  /// - Parameter list: the letter of the list that it is in.
  init(from reader: inout ByteReader, in list: Character) throws(ByteReader.Malformed) {
    let text = try reader.text()
    // It was within the limits of whoever set it.
    do throws(MaskFault) {
      try self.init(text, in: list)
    } catch {
      throw ByteReader.Malformed("a mask of a room cannot be read")
    }
  }
}

extension ModeRequest {
  func write(to writer: inout ByteWriter) {
    switch self {
    case .room(let change):
      writer.write(byte: 0)
      change.write(to: &writer)
    case .forward(let name):
      writer.write(byte: 1)
      writer.write(name)
    case .list(let change, let mask):
      writer.write(byte: 2)
      change.write(to: &writer)
      writer.write(mask.description)
    case .status(let isAdding, let status, let mode, let nickname):
      writer.write(byte: 3)
      writer.write(isAdding)
      writer.write(byte: status.rawValue)
      writer.write(String(mode))
      writer.write(nickname)
    }
  }

  init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    switch try reader.byte() {
    case 0: self = .room(try ModeChange(from: &reader))
    case 1: self = .forward(try reader.text())
    case 2:
      let change = try ModeChange(from: &reader)
      self = .list(change, try RoomMask(from: &reader, in: change.mode))
    case 3:
      let isAdding = try reader.flag()
      let status = try reader.status()
      let mode = try reader.letter()
      self = .status(isAdding: isAdding, status, mode: mode, try reader.text())
    default: throw ByteReader.Malformed("there is no such change of a mode")
    }
  }
}
