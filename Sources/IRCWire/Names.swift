/// What may be a nickname, a user name or the name of a channel.
public enum Names {
  /// Letters, digits and `[]\`_^{|}-`, not beginning with a digit or a hyphen (RFC 2812 section
  /// 2.3.1).
  public static func isNickname(_ text: String, limit: Int) -> Bool {
    guard let first = text.utf8.first, text.utf8.count <= limit else { return false }
    guard !Ascii.isDigit(first), first != 0x2D else { return false }
    return text.utf8.allSatisfy(isNicknameByte)
  }

  /// Whether a nickname may have it, wherever it stands.
  static func isNicknameByte(_ byte: UInt8) -> Bool {
    Ascii.isLetter(byte) || Ascii.isDigit(byte) || isSpecial(byte)
  }

  /// `#` and anything but a space, a comma, a control character or a second name's beginning
  /// (Modern IRC "Channels"). Beyond the RFC no control character at all and nothing else that the
  /// eye does not see (`VisibleName`), so that no name can hide.
  public static func isChannel(_ text: String, limit: Int) -> Bool {
    guard isChannelLike(text), (2...limit).contains(text.utf8.count) else { return false }
    return text.utf8.allSatisfy { $0 > Ascii.space && $0 != Ascii.comma && $0 != 0x7F }
      && VisibleName.isOne(text.unicodeScalars.dropFirst())
  }

  /// Whether the eye sees all of a name: what is pasted with a space of no width is another name
  /// than it looks.
  public static func isVisible(_ text: String) -> Bool {
    VisibleName.isOne(text.unicodeScalars[...])
  }

  /// Whether a target is meant as a channel: `CHANTYPES=#`.
  public static func isChannelLike(_ text: String) -> Bool { text.utf8.first == 0x23 }

  /// What remains of a user name when all that could be mistaken for a part of a source is left
  /// out.
  public static func userName(from text: String, limit: Int) -> String {
    let kept = text.utf8.filter {
      $0 > Ascii.space && $0 < 0x7F && $0 != Ascii.at && $0 != 0x21 && $0 != Ascii.colon
    }
    return kept.isEmpty ? "user" : String(decoding: kept.prefix(limit), as: UTF8.self)
  }

  /// `HOSTLEN`
  public static let hostBytes = 64

  /// What may stand behind the `@` of a source: letters, digits and `.-_/`, or an IPv6 address that
  /// does not begin with a colon.
  public static func isHost(_ text: String, limit: Int) -> Bool {
    guard (1...limit).contains(text.utf8.count), text.utf8.first != Ascii.colon else {
      return false
    }
    if text.utf8.contains(Ascii.colon), IPAddress(text) == nil { return false }
    return text.utf8.allSatisfy { byte in
      Ascii.isLetter(byte) || Ascii.isDigit(byte) || ".:-_/".utf8.contains(byte)
    }
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    (0x5B...0x60).contains(byte) || (0x7B...0x7D).contains(byte) || byte == 0x2D
  }
}
