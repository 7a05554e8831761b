import Glibc
import HubbubSockets
import HubbubThreads

/// The files of one person: settings under XDG_CONFIG_HOME, history under XDG_STATE_HOME.
struct UserFiles: Sendable {
  let settingsPath: String
  let historyPath: String

  /// The folder of the log files.
  let logsPath: String

  /// More lines than this are not kept.
  static let historyLimit = 2000

  /// So much of a history is looked at: more than its lines can be.
  private static let endBytes = 4 << 20

  /// nil where there is no home.
  init?(environment: [String: String]) {
    // XDG Base Directory Specification: "All paths set in these environment variables must be
    // absolute."
    func base(_ variable: String, _ standard: String) -> String? {
      if let path = environment[variable], path.hasPrefix("/") { return path }
      return environment["HOME"].map { "\($0)/\(standard)" }
    }
    guard let config = base("XDG_CONFIG_HOME", ".config"),
      let state = base("XDG_STATE_HOME", ".local/state")
    else { return nil }
    settingsPath = "\(config)/hubbub/settings"
    historyPath = "\(state)/hubbub/history"
    logsPath = "\(state)/hubbub/logs"
  }

  // MARK: Settings

  /// "" where there is no file.
  ///
  /// - Throws: for what is no regular file, or may not be read.
  func readSettings() throws(FileError) -> String {
    do throws(FileError) {
      return String(decoding: try SmallFile.read(settingsPath), as: UTF8.self)
    } catch {
      guard error.isMissing else { throw error }
      return ""
    }
  }

  /// Replaces the file as a whole: another client sees the old text or the new one.
  func writeSettings(_ text: String) throws {
    try Self.makeParent(of: settingsPath)
    try SmallFile.replaceThroughLink(settingsPath, with: Array(text.utf8))
  }

  // MARK: History

  /// The lines of earlier sessions, the oldest first.
  func readHistory() -> [String] {
    let lines = Self.readEnd(historyPath).split(separator: "\n").map(String.init)
    // Now and then, not at each start.
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

  // MARK: Logs

  /// Adds a line to the log file of a room, which is made where there is none.
  func appendToLog(_ line: String, server: String, room: String) throws {
    let path = "\(logsPath)/\(Self.fileName(server))/\(Self.fileName(room)).log"
    try Self.makeParent(of: path)
    try SmallFile.append(Array((line + "\n").utf8), to: path)
  }

  /// A name as a file's: what leads elsewhere, hides or cannot be read is spelled in hexadecimal,
  /// and names that are one to the server are one here.
  static func fileName(_ name: String) -> String {
    var result = ""
    for scalar in name.unicodeScalars.map({ $0.properties.lowercaseMapping }).joined()
      .unicodeScalars
    {
      let isPlain =
        scalar.isASCII
        && (scalar.properties.isAlphabetic
          || "0123456789#&+!-_[]{}^".unicodeScalars.contains(scalar))
      let isLetter = !scalar.isASCII && scalar.properties.isAlphabetic
      let isInnerDot = scalar == "." && !result.isEmpty
      if isPlain || isLetter || isInnerDot {
        result.unicodeScalars.append(scalar)
      } else {
        result += "%" + String(scalar.value, radix: 16)
      }
    }
    // The system's names end at 255 bytes.
    while result.utf8.count > 200 { result.removeLast() }
    return result.isEmpty ? "%" : result
  }

  // MARK: Files

  /// The last whole lines of a file, however large it is. One that cannot be read is as good as
  /// none.
  private static func readEnd(_ path: String) -> String {
    // Without O_NONBLOCK a pipe would hold us until somebody opens its other end.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return "" }
    let start = max(0, Int(status.st_size) - endBytes)
    lseek(descriptor, start, SEEK_SET)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while case let count = Glibc.read(descriptor, &buffer, buffer.count), count > 0 {
      bytes += buffer[..<count]
    }
    // The first line may lack its beginning.
    let whole = start > 0 ? bytes.drop { $0 != UInt8(ascii: "\n") } : bytes[...]
    return String(decoding: whole, as: UTF8.self)
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
