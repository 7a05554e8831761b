extension HistoryWriter {
  /// How the writer works.
  public struct Configuration: Sendable {
    /// How long the first of a batch waits for others.
    public var batchDelay: Duration = .milliseconds(100)

    /// This many are not waited for any longer, and are the most that one transaction writes.
    public var batchRows = 4000

    /// What may wait for a disk that takes nothing.
    public var memoryBytes = 64 << 20

    /// How long after a failure the disk is tried again.
    public var retryDelay: Duration = .seconds(1)

    /// A commit that takes longer is reported.
    public var slowCommit: Duration = .seconds(5)

    /// At the most so much is lost with the power.
    public var syncInterval: Duration = .seconds(5)

    /// How often what is too old is looked for.
    public var retentionInterval: Duration = .seconds(60)

    public var retention = Retention()

    /// Milliseconds since 1970.
    public var now: @Sendable () -> Int64 = { WallClock.now }

    /// The SQLite file system to go through, for tests.
    var system: String?

    public init() {}
  }

  /// What befell the file. Each is said once.
  public enum Report: Sendable, Equatable {
    /// Nothing can be written. What comes waits.
    case failed(StoreError)

    /// It can again.
    ///
    /// - Parameter lost: how many were given up meanwhile; gaps stand for them.
    case recovered(lost: Int)

    /// A commit took as long as a failure.
    case slow(Duration)

    /// The file was corrupt. It was moved, and a new one begun.
    case replaced(StoreError, movedTo: String)

    /// Some were refused by the file: our fault.
    case refused(Int, StoreError?)
  }

  public enum Health: Sendable, Equatable {
    case good

    /// A commit has been under way for too long.
    case slow
    case failing(StoreError)
  }
}
