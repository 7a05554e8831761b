/// Where the settings come from, and can be read from again: for the server, the only thing that is
/// known of files and flags.
public protocol SettingsSource: Sendable {
  /// What operators are told is being read: the file's name.
  var name: String { get }

  /// Reads the settings as they are now. May wait for a disk; any thread, one at a time.
  func read() throws(SettingsError) -> ServerSettings
}
