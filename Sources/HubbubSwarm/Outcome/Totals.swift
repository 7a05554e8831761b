/// The run in all.
public struct Totals: Sendable, Codable, Equatable {
  /// Messages sent, warm-up included.
  public var sent = 0

  /// M1 over all recipients who stayed connected.
  public var completeness = Completeness()

  /// Messages whose text was changed or cut on the way.
  public var altered = 0

  /// The time of which speed and latency are told.
  public var measuredSeconds = 0.0
  public var deliveriesPerSecond = 0.0
  public var messagesPerSecond = 0.0

  /// From the opening of the gate until the last bot was in its room.
  public var enrolmentSeconds = 0.0
}
