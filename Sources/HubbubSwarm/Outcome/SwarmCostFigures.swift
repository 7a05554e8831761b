/// What the run cost the swarm itself.
public struct SwarmCostFigures: Sendable, Codable, Equatable {
  /// The bots' processor time over the measured time, in seconds.
  public var processorSeconds: Double

  /// That time, over the time that all cores had to give.
  public var machineShare: Double

  /// The same of the server; nil where its process is not known.
  public var serverShare: Double?

  /// Whether the bots, and not the server, kept the machine busy: then the server may be faster
  /// than this.
  public var isBottleneck: Bool {
    guard let serverShare else { return machineShare > 0.5 }
    return machineShare > serverShare && machineShare + serverShare > 0.9
  }
}
