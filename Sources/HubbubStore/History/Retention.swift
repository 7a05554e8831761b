/// How long what is stored is kept.
public struct Retention: Sendable, Equatable {
  /// What is said, where a stream has no time of its own; nil: for good.
  public var messages: Duration?

  /// Events: joins, modes and the like.
  public var events: Duration?

  /// Streams with a time of their own.
  public var streams: [StreamID: Duration]

  public init(
    messages: Duration? = .seconds(30 * 86_400), events: Duration? = .seconds(7 * 86_400),
    streams: [StreamID: Duration] = [:]
  ) {
    self.messages = messages
    self.events = events
    self.streams = streams
  }

  /// What is older than that is deleted; nil: nothing is.
  func oldest(_ stream: StreamID, events wantsEvents: Bool, now: Int64) -> Int64? {
    let messages = streams[stream] ?? messages
    // No event outlives what was said.
    let keep =
      wantsEvents ? [messages, events].compactMap { $0 }.min() : messages
    return keep.map { now - $0.milliseconds }
  }

  /// The first day, since 1970, of which anything may be left; nil where all days may.
  func oldestDay(now: Int64) -> Int64? {
    guard let messages else { return nil }
    let keep = max(messages, streams.values.max() ?? .zero, events ?? .zero)
    // Two days on the safe side: the day of a use is noted with the batch.
    return (now - keep.milliseconds) / 86_400_000 - 2
  }
}
