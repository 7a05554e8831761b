/// What could stand in place of the last word before the cursor.
struct CompletionOffer: Equatable {
  /// The part of the text that is replaced.
  var word: String

  /// The best first, each as it is inserted, without what follows.
  var candidates: [String]

  /// What is inserted behind a candidate: `: ` at the beginning of a line, else a space.
  var suffix: String

  static let none = CompletionOffer(word: "", candidates: [], suffix: "")
}

/// Tab, and Tab again: goes round the candidates as long as the line is what it left behind.
struct Completions {
  /// A change before the cursor.
  struct Change: Equatable {
    /// In characters, as libedit counts them.
    var removed: Int
    var inserted: String
  }

  private var offer = CompletionOffer.none
  private(set) var chosen = 0
  private var left: (before: String, after: String)?

  var candidates: [String] { offer.candidates }

  /// What Tab changes; nil when there is nothing to complete.
  mutating func next(
    before: String, after: String, step: Int, offering: (String) -> CompletionOffer
  ) -> Change? {
    var replaced: String
    if let left, left == (before, after), offer.candidates.count > 1 {
      replaced = offer.candidates[chosen] + offer.suffix
      chosen = (chosen + step + offer.candidates.count) % offer.candidates.count
    } else {
      offer = offering(before)
      guard !offer.candidates.isEmpty else {
        left = nil
        return nil
      }
      chosen = step > 0 ? 0 : offer.candidates.count - 1
      replaced = offer.word
    }
    let inserted = offer.candidates[chosen] + offer.suffix
    let count = replaced.unicodeScalars.count
    var kept = before.unicodeScalars
    kept.removeLast(min(count, kept.count))
    left = (String(kept) + inserted, after)
    return Change(removed: count, inserted: inserted)
  }
}
