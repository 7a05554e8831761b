extension Registry {
  /// What those are to be told who hear of an event of several rooms.
  public struct Announcement: Sendable {
    /// The rooms to deliver to.
    public var rooms: [Room] = []

    /// People to deliver to who are in none of them.
    public var watchers: [Member] = []

    /// The author's own copy, where it is not in the logs.
    public var receipt: Receipt?
  }
}
