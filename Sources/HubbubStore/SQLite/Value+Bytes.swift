import HubbubBytes

// Values as nodes of a network tell each other of them.

extension Value {
  /// Text or a blob; empty for what is neither.
  var bytes: [UInt8] {
    switch self {
    case .text(let text): Array(text.utf8)
    case .utf8(let bytes), .bytes(let bytes): bytes
    case .null, .integer: []
    }
  }

  private enum Code: UInt8 {
    case null, integer, text, bytes
  }

  func write(to writer: inout ByteWriter) {
    switch self {
    case .null: writer.write(byte: Code.null.rawValue)
    case .integer(let number):
      writer.write(byte: Code.integer.rawValue)
      writer.write(UInt64(bitPattern: number))
    case .text, .utf8:
      writer.write(byte: Code.text.rawValue)
      writer.write(bytes)
    case .bytes(let bytes):
      writer.write(byte: Code.bytes.rawValue)
      writer.write(bytes)
    }
  }

  init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    switch Code(rawValue: try reader.byte()) {
    case .null: self = .null
    case .integer: self = .integer(Int64(bitPattern: try reader.number()))
    case .text: self = .text(try reader.text())
    case .bytes: self = .bytes(try reader.data())
    case nil: throw ByteReader.Malformed("a value is of an unknown kind")
    }
  }
}
