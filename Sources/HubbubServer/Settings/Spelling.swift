/// Finds what somebody may have meant.
enum Spelling {
  /// The word that is reached from `word` with the fewest changes, if they are few.
  static func closest(to word: String, among words: [String]) -> String? {
    let distances = words.map { ($0, distance(from: word, to: $0)) }
    guard let best = distances.min(by: { $0.1 < $1.1 }) else { return nil }
    return best.1 <= max(2, best.0.count / 3) ? best.0 : nil
  }

  /// Letters to insert, leave out or change (Levenshtein).
  private static func distance(from first: String, to second: String) -> Int {
    let (first, second) = (Array(first.lowercased().prefix(100)), Array(second))
    var row = Array(0...second.count)
    for (above, letter) in first.enumerated() {
      var diagonal = row[0]
      row[0] = above + 1
      for (place, other) in second.enumerated() {
        let changed = diagonal + (letter == other ? 0 : 1)
        diagonal = row[place + 1]
        row[place + 1] = min(changed, row[place] + 1, diagonal + 1)
      }
    }
    return row[second.count]
  }
}
