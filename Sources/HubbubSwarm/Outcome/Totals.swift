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

/// One sender.
public struct SenderFigures: Sendable, Codable {
  public var nickname: String
  public var sent: Int

  /// What M2 compares: the share of its messages that arrived, or, saturated, how many of its
  /// messages are in the first half of the order.
  public var share: Double

  /// Response times of its messages over all healthy recipients, in microseconds, to three percent.
  public var p50: Double
  public var p99: Double

  /// M8 as the first observer heard it, in milliseconds and in units of its period; and when it began, seconds into the run.
  public var longestWaitMilliseconds: Double
  public var longestWaitPeriods: Double
  public var longestWaitStart: Double
}

/// One recipient.
public struct RecipientFigures: Sendable, Codable {
  public var nickname: String
  public var completeness: Completeness
  public var deliveriesPerSecond: Double
  public var medianLatency: Double
  public var disagreement: Disagreement
  public var senderOrderBreaks: Int
  public var longestWaitMilliseconds: Double
}

/// One room's M4 and M5.
public struct PositionFigures: Sendable, Codable {
  public var room: String
  public var recipients: [String]
  public var bias: PositionBias
  public var spread: FanOutSpread

  /// The same from a broadcaster without any bias, in random order, on this machine.
  public var calibration: PositionBias?
  public var calibrationSpread: FanOutSpread?
}

/// M7.
public struct OrderFigures: Sendable, Codable, Equatable {
  public var disagreement = Disagreement()
  public var senderOrderBreaks = 0

  /// Messages with a server-time, and of these, such as were earlier than the one before.
  public var serverTimes = 0
  public var serverTimeBreaks = 0
}

/// M8.
public struct StarvationFigures: Sendable, Codable {
  public var longestRunSender: String?
  public var longestRunMessages = 0
  public var leastJainOver2n: Double?
  public var leastJainOver10n: Double?
}

/// M9.
public struct IsolationFigures: Sendable, Codable {
  public var ratios: Isolation

  /// For each stalled reader how many seconds after it stopped it was ended; nil: it was not.
  public var stalledEndedAfter: [Double?]
}
