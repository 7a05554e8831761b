/// Who uses a `LineEditor`: all calls come on its thread, while it waits for a key.
protocol LineEditorUser: AnyObject {
  var prompt: StyledText { get }

  /// Rows to show above the prompt as long as they hold; `text` is what is typed.
  func notes(for text: [Unicode.Scalar]) -> [StyledText]

  /// Something may have happened: the wake pipe, a signal, the end of `pause`, or a key.
  func wake()

  /// How long until `wake()` is wanted at the latest; nil for ever.
  var pause: Duration? { get }

  /// A key other than Ctrl-C was pressed.
  func typed()

  /// A key that does not edit.
  func pressed(_ key: Key)

  /// Whether Ctrl-N and Ctrl-P change rooms, and do not walk the history.
  var controlKeysChangeRooms: Bool { get }

  /// Ctrl-L.
  func redraw()

  /// Several lines came in one paste, or one that is too long to edit. They are not in the line.
  func pasted(_ lines: [String])

  /// A paste was larger than `InputDecoder.pasteLimitBytes`: nothing of it was kept.
  func refusedPaste(bytes: Int)

  /// Whether a question stands in the notes: the next keys answer it.
  var isAsking: Bool { get }
  func answered(_ isYes: Bool)

  /// What the text before the cursor could become.
  func completions(of text: String) -> CompletionOffer

  /// Shows the candidates among which Tab goes round.
  func offer(_ candidates: [String], chosen: Int)
}
