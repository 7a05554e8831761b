/// The idle clients.
public struct IdleFigures: Sendable, Codable, Equatable {
  public var clients: Int

  /// From the first connect until all were registered and in their rooms.
  public var enrolmentSeconds: Double

  /// Resident memory of the server for each, in KiB, when all had been silent for two seconds; nil
  /// where its process is not known.
  public var memoryPerClient: Double?

  /// How many lost their connection before the run was over.
  public var lost: Int
}
