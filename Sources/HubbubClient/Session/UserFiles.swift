import Glibc
import HubbubThreads

/// The files of one person: settings under XDG_CONFIG_HOME, history under XDG_STATE_HOME.
struct UserFiles: Sendable {
  let settingsPath: String
  let historyPath: String

  /// More lines than this are not kept.
  static let historyLimit = 2000

  /// Files larger than this are not ours.
  private static let sizeLimitBytes = 4 << 20

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
    try Self.replace(settingsPath, with: text)
  }

  // MARK: History

  /// The lines of earlier sessions, the oldest first.
  func readHistory() -> [String] {
    guard let text = Self.read(historyPath) else { return [] }
    let lines = text.split(separator: "\n").map(String.init)
    if lines.count > Self.historyLimit + Self.historyLimit / 4 {
      let kept = lines.suffix(Self.historyLimit)
      // A history that cannot be shortened is only long.
      try? Self.replace(historyPath, with: kept.joined(separator: "\n") + "\n")
      return Array(kept)
    }
    return lines
  }

  /// Adds a line at once, so that two clients keep both their histories, and a crash loses none.
  func appendToHistory(_ line: String) {
    guard !line.contains("\n"), (try? Self.makeParent(of: historyPath)) != nil else { return }
    let descriptor = open(historyPath, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    // A history that cannot be written is none; nobody wants to hear of it at each line.
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    fchmod(descriptor, 0o600)
    try? Self.write(line + "\n", to: descriptor)
  }

  // MARK: Files

  private static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while bytes.count < sizeLimitBytes {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func replace(_ path: String, with text: String) throws {
    let temporary = "\(path).\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SystemError(call: "open", errno: errno) }
    defer { close(descriptor) }
    try write(text, to: descriptor)
    guard rename(temporary, path) == 0 else { throw SystemError(call: "rename", errno: errno) }
  }

  private static func write(_ text: String, to descriptor: Int32) throws {
    var text = text
    try text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw SystemError(call: "write", errno: errno) }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
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
