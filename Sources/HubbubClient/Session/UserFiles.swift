import Glibc
import HubbubSockets
import HubbubThreads

/// The files of one person: settings under XDG_CONFIG_HOME, history under XDG_STATE_HOME.
struct UserFiles: Sendable {
  let settingsPath: String
  let historyPath: String

  /// More lines than this are not kept.
  static let historyLimit = 2000

  /// nil where there is no home.
  init?(environment: [String: String]) {
    // XDG Base Directory Specification: "All paths set in these environment variables must be absolute."
    func base(_ variable: String, _ standard: String) -> String? {
      if let path = environment[variable], path.hasPrefix("/") { return path }
      return environment["HOME"].map { "\($0)/\(standard)" }
    }
    guard let config = base("XDG_CONFIG_HOME", ".config"),
      let state = base("XDG_STATE_HOME", ".local/state")
    else { return nil }
    settingsPath = "\(config)/hubbub/settings"
    historyPath = "\(state)/hubbub/history"
  }

  // MARK: Settings

  /// "" where there is no file.
  func readSettings() -> String { Self.read(settingsPath) ?? "" }

  /// Replaces the file as a whole: another client sees the old text or the new one.
  func writeSettings(_ text: String) throws {
    try Self.makeParent(of: settingsPath)
    try SmallFile.replaceThroughLink(settingsPath, with: Array(text.utf8))
  }

  // MARK: History

  /// The lines of earlier sessions, the oldest first.
  func readHistory() -> [String] {
    guard let text = Self.read(historyPath) else { return [] }
    let lines = text.split(separator: "\n").map(String.init)
    if lines.count > Self.historyLimit + Self.historyLimit / 4 {
      let kept = lines.suffix(Self.historyLimit)
      // A history that cannot be shortened is only long.
      try? SmallFile.replaceThroughLink(
        historyPath, with: Array((kept.joined(separator: "\n") + "\n").utf8))
      return Array(kept)
    }
    return lines
  }

  /// Adds a line at once, so that two clients keep both their histories, and a crash loses none.
  func appendToHistory(_ line: String) {
    guard !line.contains("\n"), (try? Self.makeParent(of: historyPath)) != nil else { return }
    // A history that cannot be written is none; nobody wants to hear of it at each line.
    try? SmallFile.append(Array((line + "\n").utf8), to: historyPath)
  }

  // MARK: Files

  private static func read(_ path: String) -> String? {
    // A file that cannot be read is as good as none.
    (try? SmallFile.read(path)).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func makeParent(of path: String) throws {
    let parent = path.split(separator: "/").dropLast()
    var made = ""
    for part in parent {
      made += "/" + part
      guard mkdir(made, 0o700) == 0 || errno == EEXIST || access(made, F_OK) == 0 else {
        throw SystemError(call: "mkdir", errno: errno)
      }
    }
  }
}
