import Glibc
import HubbubCluster
import HubbubSockets
import Logging

/// Where a node writes down by what it is a member: should it die, it need not wait, as it comes
/// again, until nobody expects to hear of it. One process at a time has it, or it would end another
/// that lives.
final class LeaseFile: Sendable {
  private let path: String
  private let lock: StateLock

  /// - Throws: `StateFailure` where another process has it, or the folder cannot be used.
  init(folder: String, _ cluster: ClusterSettings) throws(StateFailure) {
    path = "\(folder)/cluster-\(cluster.network)-\(cluster.node).lease"
    lock = try StateLock(of: path, in: folder)
  }

  /// nil where there is none.
  func read() -> Int64? {
    // Without it the node waits for some seconds.
    guard let text = try? TextFile.read(path) else { return nil }
    return TextFile.lines(text).first.flatMap { Int64($0) }
  }

  func write(_ lease: Int64, _ logger: Logger) {
    do throws(FileError) { try SmallFile.replace(path, with: Array("\(lease)\n".utf8)) } catch {
      logger.warning(
        "the lease is not written down", metadata: ["file": "\(path)", "reason": "\(error.reason)"])
    }
  }

  /// Gives the file back.
  ///
  /// - Parameter isOver: whether the lease has ended, so that nobody needs to know of it.
  func close(isOver: Bool) {
    if isOver { unlink(path) }
    lock.release()
  }
}
