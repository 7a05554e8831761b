import Glibc
import HubbubCluster
import HubbubSockets
import Logging

/// Where a node writes down by what it is a member: should it die, its next time need not wait until
/// nobody expects to hear of the former one.
struct LeaseFile: Sendable {
  private let folder, path: String

  init(folder: String, _ cluster: ClusterSettings) {
    self.folder = folder
    path = "\(folder)/cluster-\(cluster.network)-\(cluster.node).lease"
  }

  /// nil where there is none.
  func read() -> Int64? {
    // Without it the node waits for some seconds.
    guard let text = try? TextFile.read(path) else { return nil }
    return TextFile.lines(text).first.flatMap { Int64($0) }
  }

  func write(_ lease: Int64, _ logger: Logger) {
    SecretFile.makeDirectory(folder)
    do throws(FileError) { try SmallFile.replace(path, with: Array("\(lease)\n".utf8)) } catch {
      logger.warning(
        "the lease is not written down", metadata: ["file": "\(path)", "reason": "\(error.reason)"])
    }
  }

  func remove() { unlink(path) }
}
