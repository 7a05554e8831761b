/// How the messages of one bot are spread over time.
public enum Pattern: String, Sendable, CaseIterable, Codable {
  /// Evenly, each bot at a place of its own within the period.
  case constant

  /// Independent of each other, as from many people who do not know of each other.
  case poisson

  /// Ten at once, then silence; all bots at the same moment.
  case burst

  /// As people talk: one speaks a few messages in a row, then another one.
  case conversation
}
