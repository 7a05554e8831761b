import Glibc
import HubbubLog

/// How much memory may be kept for readers in all, and how much is.
struct MemoryBudget: Sendable {
  let limitBytes: Int

  /// - Parameter setting: what the settings say; nil for a part of what there is.
  init(_ setting: Int?) { limitBytes = setting ?? Self.automatic }

  /// Whether readers must be ended to free memory. Any thread.
  var isExceeded: Bool { RetainedMemory.bytes > limitBytes }

  /// Whether so much is kept that whoever would add to it has to wait until readers were ended. Any thread.
  var isExhausted: Bool { RetainedMemory.bytes > limitBytes + limitBytes / 4 }

  /// Whether so much is kept that nobody may have more than a fair share of it. Any thread.
  var isScarce: Bool { RetainedMemory.bytes > limitBytes / 2 }

  /// A quarter of what the process may have: of the machine's memory, or of its control group's, or of the address
  /// space that it was given.
  static let automatic = (limits.min() ?? 1 << 30) / 4

  private static var limits: [Int] {
    [
      machine, addressSpace, file("/sys/fs/cgroup/memory.max"),
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

  /// A number of bytes in a file of the system; nil where there is none, or no limit.
  private static func file(_ path: String) -> Int? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 64)
    guard fgets(&line, 64, file) != nil else { return nil }
    return Int(String(cString: line).prefix { $0.isNumber })
  }
}
