import HubbubStore

/// What is remembered of what is said in rooms, and for how long.
public struct HistorySettings: Sendable, Equatable {
  public var isEnabled = true

  /// How long what is said is kept; nil: for good.
  public var keep: Duration? = .seconds(30 * 86_400)

  /// No room may keep anything for longer; nil: there is no such limit.
  public var keepAtMost: Duration? = .seconds(366 * 86_400)

  /// How long it is kept who came, went and changed what; never for longer than what was said.
  public var events: Duration = .seconds(7 * 86_400)

  /// What becomes of a room's history when the last one has left.
  public var emptyRooms = EmptyRooms.kept

  /// Rooms of which something may be stored. One more is not remembered, and the log says so.
  public var rooms = 100_000

  /// Whether it is kept what people with accounts say to each other.
  public var keepsDirect = true

  /// Messages of one answer to CHATHISTORY.
  public var page = 1000

  /// Messages of one answer to SEARCH.
  public var hits = 100

  /// Time that a search may take.
  public var searchTime: Duration = .milliseconds(500)

  public init() {}

  public enum EmptyRooms: String, Sendable, CaseIterable {
    /// It is there for whoever makes the room again. What was said while it was `+i`, `+k` or `+s`
    /// is not.
    case kept

    /// It is deleted.
    case forgotten
  }

  /// Whether a room that is empty goes on where somebody makes it again.
  var keepsEmptyRooms: Bool { isEnabled && emptyRooms == .kept }

  var retention: Retention { Retention(messages: kept, events: events) }

  /// How long what is said is really kept.
  var kept: Duration? { [keep, keepAtMost].compactMap { $0 }.min() }
}
