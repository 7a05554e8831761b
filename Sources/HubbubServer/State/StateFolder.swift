import Glibc

/// The folder in which a server keeps what outlives it.
public enum StateFolder {
  /// Where a service, or else a user, keeps such files ("State Directory" of systemd.exec, XDG Base
  /// Directory Specification); nil without a home.
  public static var usual: String? { usual { getenv($0).map { String(cString: $0) } } }

  /// - Parameter environment: the values of environment variables.
  static func usual(_ environment: (String) -> String?) -> String? {
    if let folders = environment("STATE_DIRECTORY"), folders.hasPrefix("/") {
      return String(folders.prefix { $0 != ":" })
    }
    // "All paths set in these environment variables must be absolute"
    if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") { return "\(state)/hubbub" }
    guard let home = environment("HOME"), home.hasPrefix("/") else { return nil }
    return "\(home)/.local/state/hubbub"
  }
}
