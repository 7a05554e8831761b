/// A mask of `nickname!user@host`, checked and completed: the one kind of mask for people.
///
/// It is compared part by part: the host as an address or a network where it is one, in every
/// spelling, else as a pattern. Two that mean the same are equal, however they were written.
/// Matching is linear in the length of what is matched.
public struct SourceMask: Sendable, Hashable, CustomStringConvertible {
  let nickname: Mask
  public let address: UserHostMask

  /// Reads a mask, or a part of one: a nickname, `nickname!user`, `user@host`, or a host, an
  /// address or a network, which have a dot, a colon or a slash. What is missing is anything.
  ///
  /// - Throws: where it can match nobody.
  public init(completing text: String, _ limits: MaskLimits = MaskLimits()) throws(MaskFault) {
    guard !text.isEmpty else { throw .empty(nil) }
    // Also before it is taken apart: nobody waits for what is endless.
    guard text.utf8.count <= limits.maskBytes else { throw .tooLong(limit: limits.maskBytes) }
    let (nickname, user, host) = Self.parts(of: text)
    address = try UserHostMask(user: user, host: host, limits)
    self.nickname = try Self.nickname(nickname, limits)
    guard description.utf8.count <= limits.maskBytes else {
      throw .tooLong(limit: limits.maskBytes)
    }
  }

  public var description: String { "\(nickname)!\(address)" }

  /// Whether it is of somebody.
  public func matches(_ subject: MaskSubject) -> Bool {
    nickname.matches(subject.nickname) && address.matches(subject)
  }

  private static func parts(of text: String) -> (nickname: String, user: String, host: String) {
    guard let mark = text.firstIndex(of: "!") else {
      if let at = text.firstIndex(of: "@") {
        return ("*", String(text[..<at]), String(text[text.index(after: at)...]))
      }
      let isHost = HostMask.isMeant(by: text)
      return isHost ? ("*", "*", IPAddress.restoringColon(of: text)) : (text, "*", "*")
    }
    let rest = text[text.index(after: mark)...]
    guard let at = rest.firstIndex(of: "@") else {
      return (String(text[..<mark]), String(rest), "*")
    }
    return (String(text[..<mark]), String(rest[..<at]), String(rest[rest.index(after: at)...]))
  }

  private static func nickname(_ text: String, _ limits: MaskLimits) throws(MaskFault) -> Mask {
    guard let first = text.unicodeScalars.first else { throw .empty(.nickname) }
    try Mask.check(text, .nickname) { Names.isNicknameByte($0) }
    guard !Ascii.isDigit(UInt8(first.value)), first != "-" else { throw .nicknameStart(first) }
    let mask = Mask(text)
    guard mask.minimumBytes <= limits.nicknameBytes else {
      throw .partTooLong(.nickname, limit: limits.nicknameBytes)
    }
    return mask
  }
}
