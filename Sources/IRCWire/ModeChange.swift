/// One mode set or unset.
public struct ModeChange: Sendable, Equatable {
  public var isAdding: Bool
  public var mode: Character
  public var parameter: String?

  public init(isAdding: Bool, _ mode: Character, _ parameter: String? = nil) {
    self.isAdding = isAdding
    self.mode = mode
    self.parameter = parameter
  }

  /// The changes in groups of which each fits a line.
  ///
  /// - Parameter bytes: how much room a line has for letters and parameters.
  public static func fitting(_ changes: [ModeChange], bytes limit: Int) -> [[ModeChange]] {
    var groups: [[ModeChange]] = []
    var room = 0
    for change in changes {
      let size = 3 + (change.parameter?.utf8.count ?? 0)
      if groups.isEmpty || size > room {
        groups.append([])
        room = limit
      }
      groups[groups.count - 1].append(change)
      room -= size
    }
    return groups
  }

  /// Several as the parameters of a MODE line: `["+ov-l", "alice", "bob"]`; empty for none.
  public static func encoded(_ changes: [ModeChange]) -> [String] {
    var modes = ""
    var sign: Bool?
    for change in changes {
      if change.isAdding != sign { modes += change.isAdding ? "+" : "-" }
      sign = change.isAdding
      modes.append(change.mode)
    }
    return modes.isEmpty ? [] : [modes] + changes.compactMap(\.parameter)
  }
}
