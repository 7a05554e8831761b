/// Whether the swarm kept its own schedule: if not, it measured itself and not the server (M6).
public struct SendLag: Sendable, Equatable, Codable {
  /// The part of the latency that the swarm may have caused itself.
  public static let tolerance = 0.05

  /// The 99th percentile of the time from when a message was due to when a bot wrote it, in
  /// microseconds.
  public let p99: Double

  /// The 99th percentile of the response time, in microseconds.
  public let latencyP99: Double

  public init(p99: Double, latencyP99: Double) {
    self.p99 = p99
    self.latencyP99 = latencyP99
  }

  /// False: the figures are the swarm's and not the server's.
  public var isValid: Bool { p99 <= Self.tolerance * latencyP99 }
}
