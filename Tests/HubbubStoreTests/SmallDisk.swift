import Glibc
import HubbubThreads
import TestSupport

@testable import HubbubStore

/// A file system of 8 MiB in memory, unmounted when the last reference goes.
final class SmallDisk {
  private let directory = TemporaryDirectory()
  var path: String { directory.path }

  /// Whether this process may mount one: as root, and not in a container that keeps it from that.
  static let canBeMade: Bool = SmallDisk() != nil

  init?() {
    guard mount("tmpfs", path, "tmpfs", 0, "size=8m") == 0 else { return nil }
  }

  deinit { umount2(path, Int32(MNT_DETACH)) }

  func grow() { change(0, "size=1g") }

  func setReadOnly(_ isReadOnly: Bool) { change(isReadOnly ? UInt(MS_RDONLY) : 0, nil) }

  private func change(_ flags: UInt, _ options: String?) {
    let code = mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT) | flags, options)
    precondition(code == 0, "The file system cannot be changed.")
  }
}

/// What a writer has reported.
final class Reported: Sendable {
  private let reports = Monitor<[HistoryWriter.Report]>([])

  func add(_ report: HistoryWriter.Report) {
    reports.withLock { $0.append(report) }
    reports.wakeAll()
  }

  /// Waits for a report.
  func wait(for isWanted: (HistoryWriter.Report) -> Bool) -> Bool {
    reports.wait(upTo: .seconds(60)) { $0.contains(where: isWanted) ? true : nil } ?? false
  }

  var count: Int { reports.withLock { $0.count } }
}
