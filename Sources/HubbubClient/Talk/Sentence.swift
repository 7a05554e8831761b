/// Pieces of English.
enum Sentence {
  /// `ann`, `ann and bob`, `ann, bob and cia`.
  static func list(_ items: [String], word: String = "and") -> String {
    guard let last = items.last else { return "nobody" }
    guard items.count > 1 else { return last }
    return items.dropLast().joined(separator: ", ") + " \(word) " + last
  }

  /// At most `limit` names, and how many more.
  static func names(_ names: [String], limit: Int = 4) -> String {
    guard names.count > limit else { return list(names) }
    return names.prefix(limit - 1).joined(separator: ", ") + " and \(names.count - limit + 1) more"
  }

  /// `1 line`, `2 lines`.
  static func count(_ number: Int, _ word: String) -> String {
    "\(grouped(number)) \(word)\(number == 1 ? "" : "s")"
  }

  /// `12,345`.
  static func grouped(_ number: Int) -> String {
    var digits = String(abs(number))
    var parts: [String] = []
    while digits.count > 3 {
      parts.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (number < 0 ? "-" : "") + ([digits] + parts).joined(separator: ",")
  }

  /// `less than a minute`, `3 minutes`, `2 hours 5 minutes`, `4 days`.
  static func duration(seconds: Int) -> String {
    let minutes = seconds / 60
    if seconds < 60 { return count(max(0, seconds), "second") }
    if minutes < 60 { return count(minutes, "minute") }
    if minutes < 24 * 60 {
      let rest = minutes % 60
      return count(minutes / 60, "hour") + (rest > 0 ? " " + count(rest, "minute") : "")
    }
    return count(minutes / 60 / 24, "day")
  }
}
