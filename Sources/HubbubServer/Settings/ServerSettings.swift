import Logging

/// All that a settings file says: the server's configuration, and what its log is like.
public struct ServerSettings: Sendable, Equatable {
  public var configuration = Configuration()

  /// What is logged.
  public var logLevel = Logger.Level.info

  /// How a line of the log is written.
  public var logFormat = ServerLog.Format.text

  public init() {}
}
