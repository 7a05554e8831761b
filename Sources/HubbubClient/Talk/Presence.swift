/// Who came and who went in one stretch.
struct Presence: Equatable {
  /// One person's coming or going.
  enum Change: Equatable {
    case joined(String)
    case left(String, reason: String)
    case renamed(from: String, to: String)
  }

  private(set) var changes: [Change] = []

  init(_ change: Change) { changes = [change] }

  /// Longer stretches begin a new line.
  var isFull: Bool { changes.count >= 500 }

  mutating func add(_ change: Change) { changes.append(change) }

  /// Who is here now, in the order of what happened last: `ann and bob joined; cia left and came
  /// back`. With safe text and few names, however many there were.
  var sentence: String {
    if changes.count == 1 { return Self.sentence(changes[0]) }
    var stretch = PresenceStretch()
    for change in changes { stretch.add(change) }
    return stretch.sentence
  }

  private static func sentence(_ change: Change) -> String {
    switch change {
    case .joined(let name): return "\(SafeText.clean(name)) joined"
    case .left(let name, let reason):
      let reason = FormattedText.plain(reason)
      return "\(SafeText.clean(name)) left" + (reason.isEmpty ? "" : " (\(reason))")
    case .renamed(let old, let new):
      return "\(SafeText.clean(old)) is now \(SafeText.clean(new))"
    }
  }
}
