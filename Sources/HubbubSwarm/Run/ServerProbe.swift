import Glibc

/// Reads the server's processor time and memory from /proc, as far as the server runs on this
/// machine.
struct ServerProbe: Sendable {
  let processID: pid_t

  /// The bots' own threads, in the process that is the server too.
  private static let ownThreads =
    bots + bots.map { "web-\($0)" } + ["idle-", "returner", "swarm"]
  private static let bots = ["bot-", "eye-", "flood-", "stall-", "churn-", "guest-"]

  /// Whether the process exists.
  var isAlive: Bool { kill(processID, 0) == 0 || errno == EPERM }

  /// The processor time of all its threads so far, in nanoseconds: from `schedstat`, whose first
  /// field is the time spent on the processor. Threads that have ended are not in it.
  func processorTime() -> Nanoseconds {
    let path = "/proc/\(processID)/task"
    let isOurs = processID == getpid()
    return Self.entries(path).reduce(0) { sum, task in
      if isOurs, Self.isOwnThread("\(path)/\(task)/comm") { return sum }
      let text = Self.read("\(path)/\(task)/schedstat")
      return sum + (text.split(separator: " ").first.flatMap { Nanoseconds($0) } ?? 0)
    }
  }

  /// How many threads it has.
  var threads: Int { Self.entries("/proc/\(processID)/task").count }

  /// How many descriptors it has open. 0 where they are not ours to see.
  var descriptors: Int { Self.entries("/proc/\(processID)/fd").count }

  /// The resident memory in KiB.
  func memory() -> Int {
    for line in Self.read("/proc/\(processID)/status").split(separator: "\n")
    where line.hasPrefix("VmRSS:") {
      return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    }
    return 0
  }

  private static func isOwnThread(_ path: String) -> Bool {
    let name = read(path)
    return ownThreads.contains { name.hasPrefix($0) }
  }

  private static func entries(_ path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  private static func read(_ path: String) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(file, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
  }
}
