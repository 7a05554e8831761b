import Glibc
import HubbubLog

/// How much memory may be kept for readers in all, and how much is.
struct MemoryBudget: Sendable {
  let limitBytes: Int

  /// - Parameter setting: what the settings say; nil for a part of what there is.
  init(_ setting: Int?) { limitBytes = setting ?? Self.automatic }

  /// Whether readers must be ended to free memory. Any thread.
  var isExceeded: Bool { RetainedMemory.bytes > limitBytes }

  /// Whether so much is kept that whoever would add to it has to wait until readers were ended. Any
  /// thread.
  var isExhausted: Bool { RetainedMemory.bytes > limitBytes + limitBytes / 4 }

  /// Whether so much is kept that nobody may have more than a fair share of it. Any thread.
  var isScarce: Bool { RetainedMemory.bytes > limitBytes / 2 }

  /// A quarter of what the process may have: of the machine's memory, or of its control group's, or
  /// of the address space that it was given.
  static let automatic = (limits.min() ?? 1 << 30) / 4

  private static var limits: [Int] {
    [
      machine, addressSpace, controlGroup,
      file("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
    ]
    .compactMap(\.self)
  }

  private static var machine: Int? {
    let bytes = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    return bytes > 0 ? bytes : nil
  }

  private static var addressSpace: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return nil }
    return Int(exactly: limit.rlim_cur)
  }

  /// The least that a control group of this process, or one that it is in, may have (cgroups(7),
  /// version 2).
  private static var controlGroup: Int? {
    guard let line = firstLine("/proc/self/cgroup"), line.hasPrefix("0::") else {
      return file("/sys/fs/cgroup/memory.max")
    }
    var group = line.dropFirst(3)[...]
    var limits: [Int] = []
    while true {
      if let limit = file("/sys/fs/cgroup\(group)/memory.max") { limits.append(limit) }
      guard let slash = group.lastIndex(of: "/") else { return limits.min() }
      group = group[..<slash]
    }
  }

  /// A number of bytes in a file of the system; nil where there is none, or no limit.
  private static func file(_ path: String) -> Int? {
    firstLine(path).flatMap { Int($0) }
  }

  private static func firstLine(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var line = [UInt8](repeating: 0, count: 4096)
    let count = fread(&line, 1, line.count, file)
    return String(decoding: line[..<count].prefix { $0 != 0x0A }, as: UTF8.self)
  }
}
