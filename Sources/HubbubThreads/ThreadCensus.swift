import Glibc

/// How many threads of each kind there are, and how much of the processors they have used.
public enum ThreadCensus {
  public struct Kind: Sendable, Equatable {
    /// The threads' names up to their number: `client` for `client-17`.
    public let name: String
    public fileprivate(set) var count = 0

    /// Of those that run; what has ended is forgotten.
    public fileprivate(set) var processorSeconds = 0.0
  }

  /// All kinds, in the order of their names. One system call for each thread. Any thread.
  public static var kinds: [Kind] {
    var threads: [(name: String, id: Int32)] = []
    RunningThreads.visit { threads.append(($0.name, $0.id)) }
    var kinds: [String: Kind] = [:]
    for thread in threads {
      let name = kind(of: thread.name)
      var kind = kinds[name] ?? Kind(name: name)
      kind.count += 1
      kind.processorSeconds += processorSeconds(of: thread.id)
      kinds[name] = kind
    }
    return kinds.values.sorted { $0.name < $1.name }
  }

  /// `client` for `client-17`. Names of threads are so short that this allocates nothing.
  private static func kind(of name: String) -> String {
    let bytes = name.utf8
    guard let mark = bytes.lastIndex(of: UInt8(ascii: "-")), mark > bytes.startIndex else {
      return name
    }
    let number = bytes[bytes.index(after: mark)...]
    let isNumber = !number.isEmpty && number.allSatisfy { (0x30...0x39).contains($0) }
    return isNumber ? String(name[..<mark]) : name
  }

  /// By the clock that the system keeps for each thread (`CPUCLOCK_SCHED` of one thread, as
  /// `pthread_getcpuclockid` makes it); 0 for one that has just ended.
  private static func processorSeconds(of thread: Int32) -> Double {
    var time = timespec()
    guard clock_gettime(clockid_t(~thread << 3 | 6), &time) == 0 else { return 0 }
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
