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
