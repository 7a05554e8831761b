/// What a person wrote, made fit for a line of the protocol.
enum OutgoingText {
  /// Without control characters, CR, LF and NUL among them; formatting codes are left in.
  static func clean(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == "\t" {
        scalars.append(" ")
      } else if scalar.value >= 0x20 || formatting.contains(scalar.value) {
        scalars.append(scalar)
      }
    }
    return String(scalars)
  }

  /// modern.ircdocs.horse/formatting
  private static let formatting: Set<UInt32> = [
    0x02, 0x03, 0x04, 0x0F, 0x11, 0x16, 0x1D, 0x1E, 0x1F,
  ]
}
