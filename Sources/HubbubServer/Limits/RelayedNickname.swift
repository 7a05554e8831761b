import IRCWire

/// The name of somebody elsewhere for whom a bridge speaks: `ann/tea-network` (IRCv3
/// draft/relaymsg).
enum RelayedNickname {
  /// "These characters aren't allowed in normal nicknames, and if given one MUST be present in
  /// spoofed nicknames."
  static let separator: Character = "/"

  /// Whether somebody elsewhere may be called so: nobody here can be, and nothing in it hides or
  /// breaks a line.
  ///
  /// - Parameter limit: its maximum length in bytes.
  static func isValid(_ name: String, limit: Int, _ reserved: ReservedNicknames) -> Bool {
    let parts = name.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1, !parts.contains(""), name.utf8.count <= limit else { return false }
    return name.unicodeScalars.allSatisfy(isAllowed) && !reserved.contains(parts[0])
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    // "Servers MUST also sanitize or reject nicks that contain reserved IRC characters, including
    // !+%@&#$:'\"?*,. and whitespace."
    if "!+%@&#$:'\"?*,.~".unicodeScalars.contains(scalar) { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
      .paragraphSeparator:
      return false
    default: return !scalar.properties.isDefaultIgnorableCodePoint
    }
  }
}
