import Glibc
import IRCWire

/// Files of a database: itself, its log and its index of the log.
enum StoreFiles {
  private static let endings = ["", "-wal", "-shm", "-journal"]

  /// Removes a database, as far as it is there.
  static func remove(_ path: String) {
    for ending in endings { unlink(path + ending) }
  }

  /// Moves a database that cannot be used out of the way: `<path>.broken-<time>`.
  ///
  /// - Returns: where it is now.
  static func setAside(_ path: String, at time: Int64) throws(StoreError) -> String {
    let stamp = Timestamp(milliseconds: time).description.prefix(19)
      .filter { $0 != ":" && $0 != "-" }
    var target = "\(path).broken-\(stamp)"
    var count = 1
    while access(target, F_OK) == 0 {
      count += 1
      target = "\(path).broken-\(stamp)-\(count)"
    }
    guard rename(path, target) == 0 else {
      throw StoreError(.io, "\(path) is broken and cannot be moved away")
    }
    for ending in endings.dropFirst() where access(path + ending, F_OK) == 0 {
      // The new file must never meet the old one's log.
      if rename(path + ending, target + ending) != 0 { unlink(path + ending) }
    }
    return target
  }

  /// Only the owner may read it. The log files get the permissions of the file.
  static func makePrivate(_ path: String) {
    // Where it cannot be changed it is somebody else's file, who decides.
    chmod(path, S_IRUSR | S_IWUSR)
  }
}
