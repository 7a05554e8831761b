/// How a piece of text looks, whatever the terminal can show of it.
struct Style: Sendable, Equatable {
  /// One of the 256 colours of a terminal; the first 16 are the ones that its user chose.
  typealias Color = UInt8

  var color: Color?
  var background: Color?
  var isBold = false
  var isDim = false
  var isItalic = false
  var isUnderlined = false
  var isReversed = false
  var isStruck = false

  static let plain = Style()
  static let bold = Style(isBold: true)
  static let dim = Style(isDim: true)
  static let reversed = Style(isReversed: true)

  /// For what went wrong: the terminal's own red, which its user can read.
  static let failure = Style(color: 1)
}
