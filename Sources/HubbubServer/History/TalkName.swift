/// The name under which it is remembered what two accounts say to each other: no room has one like
/// it.
struct TalkName {
  let low, high: Int64

  init(_ one: Int64, _ other: Int64) { (low, high) = (min(one, other), max(one, other)) }

  /// `@3:7`
  var text: String { "@\(low):\(high)" }

  /// - Returns: nil for a room's.
  init?(_ text: String) {
    guard text.first == "@" else { return nil }
    let parts = text.dropFirst().split(separator: ":")
    guard parts.count == 2, let one = Int64(parts[0]), let other = Int64(parts[1]) else {
      return nil
    }
    self.init(one, other)
  }

  /// With whom an account talks; nil where it is none of the two.
  func other(of account: Int64) -> Int64? {
    if account == low { return high }
    return account == high ? low : nil
  }
}
