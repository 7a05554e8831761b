/// What a person searches for: words, "several words in that order", and begin*. All must be there.
///
/// FTS5 has a language of its own, in which `NOT`, `(` and `column:` mean something. Nothing of
/// what a person types is ever read as that: each word reaches it between quotes.
public struct SearchQuery: Sendable, Equatable {
  /// One word or phrase.
  struct Term: Sendable, Equatable {
    var text: String

    /// Whether the last word may go on.
    var isPrefix: Bool
  }

  let terms: [Term]

  /// This many are looked for; the rest is left out.
  private static let maxCount = 16

  /// - Returns: nil where there is no word to look for.
  public init?(_ text: String) {
    var terms: [Term] = []
    var word: [Unicode.Scalar] = []
    var isQuoted = false
    func finish() {
      var text = String(String.UnicodeScalarView(word))
      word = []
      let isPrefix = !isQuoted && text.hasSuffix("*")
      while !isQuoted, text.hasSuffix("*") { text.removeLast() }
      // Without a letter or digit there is nothing that the index knows.
      let hasWords = text.unicodeScalars.contains {
        $0.properties.isAlphabetic || $0.properties.numericType != nil
      }
      if hasWords { terms.append(Term(text: text, isPrefix: isPrefix)) }
    }
    for scalar in text.unicodeScalars {
      if scalar == "\"" {
        finish()
        isQuoted.toggle()
      } else if scalar.properties.isWhitespace, !isQuoted {
        finish()
      } else if scalar.value != 0 {
        word.append(scalar)
      }
    }
    // A phrase that is not closed is one all the same.
    finish()
    guard !terms.isEmpty else { return nil }
    self.terms = Array(terms.prefix(Self.maxCount))
  }

  /// In FTS5's language: strings in quotes, one behind the other.
  var expression: String {
    terms.map { term in
      let quoted = term.text.unicodeScalars.reduce(into: "") { text, scalar in
        text.unicodeScalars.append(scalar)
        if scalar == "\"" { text.unicodeScalars.append(scalar) }
      }
      return "\"\(quoted)\"" + (term.isPrefix ? "*" : "")
    }.joined(separator: " ")
  }
}
