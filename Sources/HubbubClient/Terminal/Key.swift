/// A key that is no character.
enum Key: Equatable {
  case up, down, right, left, home, end, delete, wordLeft, wordRight, backTab

  /// Alt and a digit: go to the room with that number.
  case room(Int)

  /// Alt-A: go to the room that wants one most.
  case mostWanted

  /// Alt-Right or F6, Alt-Left or F5: go to the room behind or before.
  case nextRoom, previousRoom

  /// Page-Up: fetch what was said before.
  case older

  /// From a control sequence; nil for keys that the client has no use for.
  init?(final: UInt8, parameters: [Int]) {
    let isAlt = parameters.count > 1 && parameters[1] == 3
    let isModified = parameters.count > 1 && parameters[1] > 2
    switch (final, parameters.first ?? 0) {
    case (UInt8(ascii: "A"), _): self = .up
    case (UInt8(ascii: "B"), _): self = .down
    case (UInt8(ascii: "C"), _) where isAlt, (UInt8(ascii: "~"), 17): self = .nextRoom
    case (UInt8(ascii: "D"), _) where isAlt, (UInt8(ascii: "~"), 15): self = .previousRoom
    case (UInt8(ascii: "C"), _): self = isModified ? .wordRight : .right
    case (UInt8(ascii: "D"), _): self = isModified ? .wordLeft : .left
    case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), 1), (UInt8(ascii: "~"), 7): self = .home
    case (UInt8(ascii: "F"), _), (UInt8(ascii: "~"), 4), (UInt8(ascii: "~"), 8): self = .end
    case (UInt8(ascii: "Z"), _): self = .backTab
    case (UInt8(ascii: "~"), 3): self = .delete
    case (UInt8(ascii: "~"), 5): self = .older
    default: return nil
    }
  }

  /// The C1 code that stands for the key towards libedit, and the command it is bound to there.
  ///
  /// A sequence that begins with ESC must not be bound: in vi's insert map ESC alone would then
  /// wait for more and no longer lead to the command mode.
  var editing: (code: UInt8, command: String)? {
    switch self {
    case .up: (0x80, "ed-prev-history")
    case .down: (0x81, "ed-next-history")
    case .right: (0x82, "ed-next-char")
    case .left: (0x83, "ed-prev-char")
    case .home: (0x84, "ed-move-to-beg")
    case .end: (0x85, "ed-move-to-end")
    case .delete: (0x86, "ed-delete-next-char")
    case .wordLeft: (0x87, "ed-prev-word")
    case .wordRight: (0x88, "em-next-word")
    case .backTab: (0x89, "chat-complete-back")
    case .room, .mostWanted, .nextRoom, .previousRoom, .older: nil
    }
  }

  /// Those that libedit is to know.
  static let edited: [Key] = [
    .up, .down, .right, .left, .home, .end, .delete, .wordLeft, .wordRight, .backTab,
  ]
}
