import HubbubBytes
import IRCWire

// What is kept of a registered room, as nodes tell each other of it.

extension RoomRegistration {
  func write(to writer: inout ByteWriter) {
    writer.write(UInt64(bitPattern: number))
    writer.write(optional: visibility?.rawValue)
    // In an order that is the same in every process.
    writer.write(list: access.sorted { $0.key.text < $1.key.text }) { writer, entry in
      writer.write(entry.key.text)
      writer.write(byte: entry.value.code)
    }
  }

  init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    let number = Int64(bitPattern: try reader.number())
    let visibility = try reader.visibility()
    var access: [String: Standing] = [:]
    let entries = try reader.list { (reader) throws(ByteReader.Malformed) in
      (try reader.text(), try Standing(code: try reader.byte()))
    }
    for (account, standing) in entries { access[account] = standing }
    self.init(number: number, access: access, visibility: visibility)
  }
}

extension RoomRegistration.Standing {
  var code: UInt8 {
    switch self {
    case .denied: 0
    case .voiced: 1
    case .assisting: 2
    case .operating: 3
    case .founder: 4
    }
  }

  init(code: UInt8) throws(ByteReader.Malformed) {
    switch code {
    case 0: self = .denied
    case 1: self = .voiced
    case 2: self = .assisting
    case 3: self = .operating
    case 4: self = .founder
    default: throw ByteReader.Malformed("there is no such standing")
    }
  }
}

extension ByteReader {
  mutating func visibility() throws(Malformed) -> RoomRegistration.Visibility? {
    guard let word = try optionalText() else { return nil }
    guard let visibility = RoomRegistration.Visibility(rawValue: word) else {
      throw Malformed("there is no such visibility")
    }
    return visibility
  }
}
