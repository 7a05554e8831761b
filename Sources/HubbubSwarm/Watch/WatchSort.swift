/// In which order `hubbub watch` shows the members of a room.
public struct WatchSort: Sendable, Equatable {
  /// What it goes by.
  public enum Column: String, Sendable, CaseIterable {
    /// Who is served unfairly or far behind first; small differences do not count.
    case worst
    case name
    case behind
    case bytes
    case position
    case share

    /// The key that chooses it.
    var key: Character {
      switch self {
      case .worst: "w"
      case .name: "n"
      case .behind: "b"
      case .bytes: "y"
      case .position: "p"
      case .share: "s"
      }
    }
  }

  public private(set) var column: Column

  /// Whether the other end comes first: the last names, or the smallest figures.
  public private(set) var isReversed: Bool

  public init(_ column: Column = .worst, isReversed: Bool = false) {
    self.column = column
    self.isReversed = isReversed
  }

  /// Chooses the column of a key; the same key again turns the order round.
  ///
  /// - Returns: false where the key stands for none.
  mutating func press(_ key: Character) -> Bool {
    guard let chosen = Column.allCases.first(where: { $0.key == key }) else { return false }
    isReversed = chosen == column && !isReversed
    column = chosen
    return true
  }

  /// The members in this order; those that tie stay as they stood.
  func sorted(_ room: InsideReport.Room) -> [InsideReport.Member] {
    let sorted = room.members.enumerated().sorted { left, right in
      let order = compare(left.element, right.element, room)
      if order != 0 { return isReversed ? order > 0 : order < 0 }
      return left.offset < right.offset
    }
    return sorted.map(\.element)
  }

  /// Below 0 where `one` comes first.
  private func compare(
    _ one: InsideReport.Member, _ other: InsideReport.Member, _ room: InsideReport.Room
  ) -> Int {
    func greater<Value: Comparable>(_ value: (InsideReport.Member) -> Value) -> Int {
      let (left, right) = (value(one), value(other))
      return left > right ? -1 : left < right ? 1 : 0
    }
    switch column {
    case .worst:
      let byFairness = greater { Service($0, in: room).isUnfair ? 1 : 0 }
      if byFairness != 0 { return byFairness }
      let byLag = greater { $0.lagBytes / 4096 }
      return byLag != 0 ? byLag : greater { Int((abs($0.meanPosition - 0.5) * 5).rounded(.down)) }
    case .name:
      let (left, right) = (one.nickname.lowercased(), other.nickname.lowercased())
      return left < right ? -1 : left > right ? 1 : 0
    case .behind: return greater(\.lagMessages)
    case .bytes: return greater(\.lagBytes)
    case .position: return greater(\.meanPosition)
    case .share: return greater(\.share)
    }
  }
}
