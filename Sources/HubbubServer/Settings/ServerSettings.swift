import HubbubSockets
import Logging

/// All that a settings file says: the server's configuration, and what its log is like.
public struct ServerSettings: Sendable, Equatable {
  public var configuration = Configuration()

  /// What is logged.
  public var logLevel = Logger.Level.info

  /// How a line of the log is written.
  public var logFormat = ServerLog.Format.text

  /// Where the file says it.
  var places = SettingsPlaces()

  /// What is not wrong with it, and should be known.
  public var notes: [SettingsProblem] { places.notes }

  public init() {}

  /// The option called `name` is as a flag says, and not as the file does.
  public mutating func overrule(_ name: String) { places.forget(name) }

  /// Whether a text can be the server's password, or is the whole hash of one.
  public static func isPassword(_ text: String) -> Bool { PasswordHash.isPassword(text) }

  /// What is wrong with what `tls` names.
  ///
  /// - Parameter source: where the settings come from.
  public func problem(_ error: TLSError, in source: String) -> SettingsProblem {
    places.problem("\(error)", about: "tls", in: source)
  }
}
