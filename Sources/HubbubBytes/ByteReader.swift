import IRCWire

/// Reads what `ByteWriter` has written, and believes nothing of it.
public struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var place: Int

  /// The bytes are not what a writer of this version has written.
  public struct Malformed: Error, Sendable, Equatable {
    public let what: String
    public init(_ what: String) { self.what = what }
  }

  public init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  public var isAtEnd: Bool { place == bytes.endIndex }

  private var left: Int { bytes.endIndex - place }

  public mutating func byte() throws(Malformed) -> UInt8 {
    guard place < bytes.endIndex else { throw Malformed("it ends too early") }
    defer { place += 1 }
    return bytes[place]
  }

  public mutating func number() throws(Malformed) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      let next = try byte()
      let group = UInt64(next & 0x7F)
      // The tenth group has one bit; and no number is written in more groups than it needs.
      if shift == 63, group > 1 { throw Malformed("a number is too large") }
      value |= group << shift
      if next < 0x80 {
        if next == 0, shift > 0 { throw Malformed("a number is written in another way") }
        return value
      }
    }
    throw Malformed("a number is too long")
  }

  public mutating func int() throws(Malformed) -> Int {
    Int(Int64(bitPattern: try number()))
  }

  public mutating func flag() throws(Malformed) -> Bool {
    switch try byte() {
    case 0: return false
    case 1: return true
    default: throw Malformed("a flag is neither 0 nor 1")
    }
  }

  public mutating func time() throws(Malformed) -> Timestamp {
    Timestamp(milliseconds: Int64(bitPattern: try number()))
  }

  public mutating func data() throws(Malformed) -> [UInt8] {
    let count = try number()
    guard count <= left else { throw Malformed("a length goes beyond the end") }
    defer { place += Int(count) }
    return Array(bytes[place..<place + Int(count)])
  }

  public mutating func text() throws(Malformed) -> String {
    guard let text = String(validating: try data(), as: UTF8.self) else {
      throw Malformed("a text is not UTF-8")
    }
    return text
  }

  public mutating func optional<Value>(
    _ body: (inout ByteReader) throws(Malformed) -> Value
  ) throws(Malformed) -> Value? {
    try flag() ? try body(&self) : nil
  }

  public mutating func optionalText() throws(Malformed) -> String? {
    try flag() ? try text() : nil
  }

  /// Each element takes a byte at least, so that no count promises more than there is.
  public mutating func list<Element>(
    _ body: (inout ByteReader) throws(Malformed) -> Element
  ) throws(Malformed) -> [Element] {
    let count = try number()
    guard count <= left else { throw Malformed("a list goes beyond the end") }
    var elements: [Element] = []
    elements.reserveCapacity(Int(count))
    for _ in 0..<count { elements.append(try body(&self)) }
    return elements
  }
}
