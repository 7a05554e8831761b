import IRCWire

/// Writes values as bytes that `ByteReader` reads: the form in which nodes tell each other of them.
///
/// Numbers are written in groups of seven bits, the lowest first (LEB128); texts and lists with
/// their length before them.
public struct ByteWriter: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public mutating func write(byte: UInt8) { bytes.append(byte) }

  public mutating func write(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  public mutating func write(_ count: Int) { write(UInt64(bitPattern: Int64(count))) }

  public mutating func write(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

  public mutating func write(_ time: Timestamp) {
    write(UInt64(bitPattern: time.milliseconds))
  }

  public mutating func write(_ text: String) {
    write(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  public mutating func write(_ data: [UInt8]) {
    write(data.count)
    bytes.append(contentsOf: data)
  }

  public mutating func write(_ data: UnsafeRawBufferPointer) {
    write(data.count)
    bytes.append(contentsOf: data)
  }

  public mutating func write<Value>(
    optional value: Value?, _ body: (inout ByteWriter, Value) -> Void
  ) {
    write(value != nil)
    if let value { body(&self, value) }
  }

  public mutating func write(optional text: String?) { write(optional: text) { $0.write($1) } }

  public mutating func write<Element>(
    list: some Collection<Element>, _ body: (inout ByteWriter, Element) -> Void
  ) {
    write(list.count)
    for element in list { body(&self, element) }
  }
}
