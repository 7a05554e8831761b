import IRCWire

/// The colour of a nickname: the same for everyone who uses Hubbub, today and tomorrow.
enum NicknameColor {
  /// Colours that contrast by at least 3 to 1 with white and with black, as WCAG 2 asks for what is
  /// not text to read but to tell apart.
  static let choices: [Style.Color] = [
    26, 27, 31, 32, 62, 63, 64, 65, 66, 68, 69, 94, 96, 97, 98, 99, 100, 101, 102, 103, 128,
    129,
    130, 131, 132, 133, 134, 135, 160, 161, 162, 163, 164, 165, 166, 167, 168, 169, 196, 197, 198,
    199,
  ]

  static func of(_ nickname: String) -> Style.Color {
    // FNV-1a over the lower-case name without the underscores of someone who came back.
    var name = nickname.utf8.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    while name.count > 1, name.last == UInt8(ascii: "_") { name.removeLast() }
    let hash = name.reduce(2_166_136_261 as UInt32) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return choices[Int((hash ^ hash >> 16) % UInt32(choices.count))]
  }
}
