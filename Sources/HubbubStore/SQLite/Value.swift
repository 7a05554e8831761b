/// A value of a statement's parameter.
public enum Value: Sendable, Equatable {
  case null
  case integer(Int64)
  case text(String)

  /// Text as its UTF-8 bytes.
  case utf8([UInt8])
  case bytes([UInt8])

  static func optional(_ number: Int64?) -> Value { number.map(Value.integer) ?? .null }
  static func optional(_ bytes: [UInt8]?) -> Value { bytes.map(Value.bytes) ?? .null }
  static func optional(_ text: String?) -> Value { text.map(Value.text) ?? .null }
}
