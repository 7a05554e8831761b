/// What the run cost the server.
public struct CostFigures: Sendable, Codable, Equatable {
  /// The server's processor time per delivered message over the measured time, in microseconds.
  public var processorPerDelivery: Double

  /// The server's processor time over the measured time, in seconds, and the deliveries it is spread over.
  public var processorSeconds: Double
  public var deliveries: Int

  /// Resident memory in KiB: before the run, at its end, and the greatest seen.
  public var memoryBefore: Int
  public var memoryAfter: Int
  public var memoryPeak: Int
}

/// What the run cost the swarm itself.
public struct SwarmCostFigures: Sendable, Codable, Equatable {
  /// The bots' processor time over the measured time, in seconds.
  public var processorSeconds: Double

  /// That time, over the time that all cores had to give.
  public var machineShare: Double

  /// The same of the server; nil where its process is not known.
  public var serverShare: Double?

  /// Whether the bots, and not the server, kept the machine busy: then the server may be faster than this.
  public var isBottleneck: Bool {
    guard let serverShare else { return machineShare > 0.5 }
    return machineShare > serverShare && machineShare + serverShare > 0.9
  }
}

/// The idle clients.
public struct IdleFigures: Sendable, Codable, Equatable {
  public var clients: Int

  /// From the first connect until all were registered and in their rooms.
  public var enrolmentSeconds: Double

  /// Resident memory of the server for each, in KiB; nil where its process is not known.
  public var memoryPerClient: Double?

  /// How many lost their connection before the run was over.
  public var lost: Int
}

/// A point of latency over time.
public struct TimelinePoint: Sendable, Codable, Equatable {
  /// Seconds since the beginning of the schedule.
  public var second: Double

  /// Response times over all healthy recipients, in microseconds, the percentiles to three percent.
  public var p50: Double
  public var p99: Double
  public var greatest: Double
}

/// A point of a latency distribution.
public struct CurvePoint: Sendable, Codable, Equatable {
  /// In percent.
  public var percentile: Double

  /// In microseconds.
  public var value: Double
}

/// What a server refused.
public struct RefusalFigures: Sendable, Codable, Equatable {
  public var count: Int
  public var words: String
}

/// A connection that ended before the run was over.
public struct EndingFigures: Sendable, Codable, Equatable {
  public var nickname: String
  public var reason: String

  /// Seconds since the beginning of the schedule.
  public var second: Double
}
