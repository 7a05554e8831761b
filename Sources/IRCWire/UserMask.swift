/// A pattern for user names. The tilde in front, which says that nobody has checked the name, makes
/// no difference: neither in the mask nor in the name.
public struct UserMask: Sendable, Hashable, CustomStringConvertible {
  /// As it was written.
  public let description: String
  private let pattern: Mask

  /// Everybody.
  static let any = UserMask()

  private init() {
    description = "*"
    pattern = Mask("*")
  }

  public init(_ text: String, _ limits: MaskLimits = MaskLimits()) throws(MaskFault) {
    guard !text.isEmpty else { throw .empty(.user) }
    try Mask.check(text, .user) { byte in
      byte > Ascii.space && byte < 0x7F && byte != Ascii.at && byte != 0x21 && byte != Ascii.colon
    }
    description = text
    pattern = Mask(Self.withoutTilde(text))
    guard pattern.minimumBytes <= limits.userNameBytes else {
      throw .partTooLong(.user, limit: limits.userNameBytes)
    }
  }

  public static func == (left: UserMask, right: UserMask) -> Bool { left.pattern == right.pattern }

  public func hash(into hasher: inout Hasher) { hasher.combine(pattern) }

  func matches(_ subject: MaskSubject) -> Bool {
    pattern.isEverything || subject.users.contains(where: pattern.matches)
  }

  /// A tilde alone is a name.
  static func withoutTilde(_ text: String) -> String {
    text.utf8.first == UInt8(ascii: "~") && text.utf8.count > 1 ? String(text.dropFirst()) : text
  }
}
