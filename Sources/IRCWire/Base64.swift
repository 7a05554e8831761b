/// Bytes as letters (RFC 4648, section 4), as SASL sends them.
public enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    let bytes = Array(bytes)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      let value = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
      for index in 0..<4 {
        let isPadding = index > part.count
        text.append(isPadding ? Ascii.equals : alphabet[value >> (18 - 6 * index) & 63])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// nil for what is no Base64: "Implementations MUST reject the encoded data if it contains
  /// characters outside the base alphabet" (RFC 4648, section 3.3).
  public static func decode(_ text: String) -> [UInt8]? {
    let text = Array(text.utf8)
    guard text.count.isMultiple(of: 4) else { return nil }
    let padding = text.reversed().prefix { $0 == Ascii.equals }.count
    guard padding <= 2 else { return nil }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: text.count, by: 4) {
      var value = 0
      for byte in text[start..<start + 4] {
        let isPadding = byte == Ascii.equals && start + 4 == text.count
        guard let digit = isPadding ? 0 : digit(byte) else { return nil }
        value = value << 6 | digit
      }
      bytes += [UInt8(value >> 16), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }
    // The padding stands at the end and nowhere else.
    guard !text.dropLast(padding).contains(Ascii.equals) else { return nil }
    return Array(bytes.dropLast(padding))
  }

  private static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case 0x41...0x5A: Int(byte) - 0x41
    case 0x61...0x7A: Int(byte) - 0x61 + 26
    case 0x30...0x39: Int(byte) - 0x30 + 52
    case 0x2B: 62
    case 0x2F: 63
    default: nil
    }
  }
}
