/// Which lines are kept for Up and Ctrl-R, and in the file.
enum HistoryRule {
  /// Whether a line goes into the file: none that begins with a space, none that may hold a
  /// password, and no command that there is not, for it may be a misspelt one that holds a
  /// password.
  ///
  /// - Parameter target: whom the room on the screen is a talk with, or its name.
  static func keeps(_ line: String, to target: String? = nil) -> Bool {
    guard remembers(line) else { return false }
    switch TypedLine(line) {
    case .nothing: return false
    case .say(let text): return !SecretRule.mayHoldSecret(said: text, to: target)
    case .command(.me, let words):
      return !SecretRule.mayHoldSecret(said: String(words.rest), to: target)
    case .command(let name, let words): return !SecretRule.mayHoldSecret(name.rawValue, words)
    case .mistake(.missing(let name)):
      var words = Words(line)
      _ = words.next()
      return !SecretRule.mayHoldSecret(name.rawValue, words)
    case .mistake: return false
    }
  }

  /// Whether a line is kept as long as the program runs: a misspelt one is mended with Up.
  static func remembers(_ line: String) -> Bool {
    guard let first = line.first, !first.isWhitespace else { return false }
    if case .command(let name, let words) = TypedLine(line) {
      return !SecretRule.mayHoldSecret(name.rawValue, words)
    }
    return true
  }
}
