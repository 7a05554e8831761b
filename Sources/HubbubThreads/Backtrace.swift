import CLinux
import Glibc

/// Where one thread is, or several that are all in the same place.
public struct Backtrace: Sendable, CustomStringConvertible {
  /// The threads, by the names that the system shows, with its numbers.
  public private(set) var threads: [String]

  /// The functions, innermost first; empty where the thread did not answer.
  public let functions: [String]

  /// So long a thread may take to say where it is. One that sleeps in the kernel for good never
  /// does.
  private static let patienceMilliseconds: Int32 = 200
  private static let maxDepth = 48

  /// This many names are enough to know who else is there.
  private static let shownThreads = 6

  /// Asks every thread of the process but the calling one.
  ///
  /// Waits for each of them; a system call that a thread is in may return EINTR.
  public static func ofAllThreads() -> [Backtrace] {
    let symbols = SymbolTable()
    let own = clinux_thread_id()
    var places: [[UnsafeMutableRawPointer?]: Int] = [:]
    var backtraces: [Backtrace] = []
    for thread in Thread.all where thread.id != own {
      let addresses = thread.isAsleepToSignals ? [] : addresses(of: thread.id)
      let name = "\(thread.name) (\(thread.id))"
      if let index = places[addresses] {
        backtraces[index].threads.append(name)
      } else {
        places[addresses] = backtraces.count
        let functions = addresses.compactMap { $0.map(symbols.function(at:)) }
        backtraces.append(Backtrace(threads: [name], functions: functions))
      }
    }
    return backtraces
  }

  private static func addresses(of id: Int32) -> [UnsafeMutableRawPointer?] {
    Array(unsafeUninitializedCapacity: maxDepth) { buffer, count in
      count = Int(
        clinux_backtrace_of(
          id, buffer.baseAddress, Int32(maxDepth), patienceMilliseconds))
    }
  }

  /// One line.
  public var description: String {
    let others = threads.count - Self.shownThreads
    let names =
      threads.prefix(Self.shownThreads).joined(separator: ", ")
      + (others > 0 ? " and \(others) more" : "")
    let place =
      functions.isEmpty ? "did not answer" : functions.joined(separator: " < ")
    return "\(names): \(place)"
  }

  /// A thread as the system shows it.
  private struct Thread {
    let id: Int32
    var name = "gone"

    /// Whether it has blocked the signal that asks it, as libraries' threads do: to wait for it is
    /// in vain.
    var isAsleepToSignals = false

    init(id: Int32) {
      self.id = id
      for line in Self.text(of: "/proc/self/task/\(id)/status").split(separator: "\n") {
        let value = line.drop { $0 != "\t" }.dropFirst()
        if line.hasPrefix("Name:") { name = String(value) }
        if line.hasPrefix("SigBlk:"), let blocked = UInt64(value, radix: 16) {
          isAsleepToSignals = blocked >> UInt64(clinux_backtrace_signal() - 1) & 1 == 1
        }
      }
    }

    static var all: [Thread] {
      guard let folder = opendir("/proc/self/task") else { return [] }
      defer { closedir(folder) }
      var ids: [Int32] = []
      while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if let id = Int32(name) { ids.append(id) }
      }
      return ids.sorted().map(Thread.init)
    }

    private static func text(of path: String) -> String {
      guard let file = fopen(path, "r") else { return "" }
      defer { fclose(file) }
      return String(unsafeUninitializedCapacity: 4096) { fread($0.baseAddress, 1, 4096, file) }
    }
  }
}
