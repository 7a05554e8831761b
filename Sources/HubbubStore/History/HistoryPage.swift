/// What a selector found, in the order in which everybody read it.
public struct HistoryPage: Sendable, Equatable {
  public var entries: [StoredEntry] = []

  /// Where something is missing among them, ascending.
  public var gaps: [StoredGap] = []

  /// Whether there is nothing more in the direction that was asked for.
  public var isEnd = true

  public init() {}
}
