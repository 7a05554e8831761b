/// A search: in which views, for what, and how much of it.
public struct HistorySearch: Sendable {
  /// Whose messages.
  public enum Author: Sendable, Equatable {
    case account(Int64)

    /// Whoever had that nickname then; ASCII case is ignored.
    case nickname(String)
  }

  /// Words; nil where the rest is enough.
  public var query: SearchQuery?
  public var views: [HistoryView]
  public var author: Author?

  /// Milliseconds since 1970: later than that, and earlier than that.
  public var after: Int64?
  public var before: Int64?
  public var limit: Int

  public init(
    _ query: SearchQuery?, in views: [HistoryView], author: Author? = nil, after: Int64? = nil,
    before: Int64? = nil, limit: Int = 100
  ) {
    self.query = query
    self.views = views
    self.author = author
    self.after = after
    self.before = before
    self.limit = limit
  }

  /// What was found.
  public struct Result: Sendable, Equatable {
    /// The newest that match, the oldest of them first.
    public var entries: [StoredEntry] = []

    /// Whether the time was over before everything was looked at.
    public var isPartial = false

    public init() {}
  }
}
