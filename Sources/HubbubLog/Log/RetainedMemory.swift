import Synchronization

/// How many bytes the process keeps for readers: the sealed chunks of all logs, which only readers
/// keep alive, and everybody's private blocks and copies. The chunk that a log is being written to
/// is its own.
///
/// Each is counted once, however many readers it waits for. Any thread may call any method.
public enum RetainedMemory {
  /// Relaxed: a total to compare with a limit, which nothing else depends on.
  private static let total = Atomic<Int>(0)

  /// In bytes.
  public static var bytes: Int { total.load(ordering: .relaxed) }

  static func add(_ bytes: Int) { total.add(bytes, ordering: .relaxed) }

  static func subtract(_ bytes: Int) { total.subtract(bytes, ordering: .relaxed) }
}
