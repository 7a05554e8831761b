/// The limits of a request, with what happens when they are reached.
public struct HTTPLimits: Sendable, Equatable {
  /// The head in all, with its endings. More: 431, or 414 while it is still the first line.
  public var headBytes = 8 * 1024

  /// Fields of the head. One more: 431.
  public var fields = 64

  /// The body. More: 413.
  public var bodyBytes = 64 * 1024

  public init() {}
}
