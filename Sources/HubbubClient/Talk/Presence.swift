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

  /// `ann joined, bob and cia left`. With safe text and few names, however many there were.
  var sentence: String {
    if changes.count == 1 { return Self.sentence(changes[0]) }
    var joined: [String] = []
    var left: [String] = []
    var visited: [String] = []
    var renamed: [String] = []
    for change in changes {
      switch change {
      case .joined(let name): joined.append(name)
      case .left(let name, _):
        if let index = joined.lastIndex(of: name) {
          joined.remove(at: index)
          visited.append(name)
        } else {
          left.append(name)
        }
      case .renamed(let old, let new): renamed.append("\(old) is now \(new)")
      }
    }
    let parts = [(joined, "joined"), (left, "left"), (visited, "looked in")].compactMap(Self.part)
    return (parts + (renamed.isEmpty ? [] : [Sentence.names(renamed.map(SafeText.clean))]))
      .joined(separator: "; ")
  }

  private static func part(_ names: [String], _ verb: String) -> String? {
    guard !names.isEmpty else { return nil }
    var seen: Set<String> = []
    let people = names.map(SafeText.clean).filter { seen.insert($0).inserted }
    return "\(Sentence.names(people)) \(verb)"
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
