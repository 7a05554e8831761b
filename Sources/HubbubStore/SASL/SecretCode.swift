/// A random code of 128 bits for people to write down: recovery codes and passwords of devices. It
/// is kept as a hash alone; nobody guesses 128 bits, so that a fast hash will do.
public struct SecretCode: Sendable, Equatable, CustomStringConvertible {
  /// Digits and letters without those that look alike (Crockford's Base32), in groups of five.
  public let description: String

  private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
  private static let digitCount = 26

  /// A new one.
  public init() {
    var bits: [UInt8] = []
    for byte in Digest.random(16) { bits += (0..<8).map { byte >> (7 - $0) & 1 } }
    bits += [0, 0]
    let text = stride(from: 0, to: bits.count, by: 5).map { start in
      Self.digits[bits[start..<start + 5].reduce(0) { $0 << 1 | Int($1) }]
    }
    description = stride(from: 0, to: text.count, by: 5).map {
      String(text[$0..<min($0 + 5, text.count)])
    }.joined(separator: "-")
  }

  /// What is kept of it.
  public var hash: [UInt8] { Self.hash(of: description)! }

  /// The hash of what somebody typed: small letters, blanks and hyphens do not matter, nor that O
  /// looks like 0 and I and L like 1. nil for what cannot be a code.
  public static func hash(of text: String) -> [UInt8]? {
    var plain: [UInt8] = []
    for byte in text.utf8 {
      switch byte & ~0x20 {
      case UInt8(ascii: "O"): plain.append(UInt8(ascii: "0"))
      case UInt8(ascii: "I"), UInt8(ascii: "L"): plain.append(UInt8(ascii: "1"))
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): plain.append(byte & ~0x20)
      case _ where (0x30...0x39).contains(byte): plain.append(byte)
      case _ where byte == 0x20 || byte == 0x2D: break
      default: return nil
      }
      guard plain.count <= digitCount else { return nil }
    }
    return plain.count == digitCount ? Digest.sha256(plain) : nil
  }

  /// Whether somebody typed the code that a hash is kept of.
  public static func matches(_ text: String, _ hash: [UInt8]?) -> Bool {
    guard let typed = Self.hash(of: text), let hash else { return false }
    return Digest.areEqual(typed, hash)
  }
}
