import Glibc
import HubbubThreads

/// Every delivery of a run as a line of CSV, for those who look for themselves.
///
/// `sender,number,due,written,recipient,arrived`, times in nanoseconds since the schedule began. A
/// name that ends in `.gz` is packed by the system's `gzip`.
struct EventFile: ~Copyable {
  private let file: UnsafeMutablePointer<FILE>
  private let path: String
  private let isPacked: Bool

  /// - Throws: `OutputFile.Unwritable`.
  init(path: String) throws(OutputFile.Unwritable) {
    self.path = path
    isPacked = path.hasSuffix(".gz")
    let quoted = path.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''")
    // Opened first without gzip, whose shell would complain in its own words.
    let plain = fopen(path == OutputFile.standardOutput ? "/dev/stdout" : path, "wb")
    guard let plain else {
      throw OutputFile.Unwritable(
        path: path, reason: SystemError(call: "fopen", errno: errno).reason)
    }
    guard isPacked else {
      file = plain
      return
    }
    fclose(plain)
    guard let pipe = popen("gzip -c > '\(quoted)'", "w") else {
      throw OutputFile.Unwritable(
        path: path, reason: SystemError(call: "popen", errno: errno).reason)
    }
    file = pipe
  }

  /// Writes all deliveries and closes the file.
  ///
  /// - Throws: `OutputFile.Unwritable`.
  consuming func write(_ evidence: Evidence) throws(OutputFile.Unwritable) {
    let table = MessageTable(evidence.testimonies, ids: evidence.ids)
    let names = evidence.testimonies.map(\.assignment).filter { $0.sender != nil }
      .sorted { $0.sender! < $1.sender! }.map(\.nickname)
    fputs("sender,number,due,written,recipient,arrived\n", file)
    for testimony in evidence.testimonies {
      testimony.arrivals.visit { id, time in
        guard let index = table.index(of: id) else { return }
        let sender = evidence.ids.sender(of: id)
        let start = evidence.beginning
        fputs(
          "\(names[sender]),\(evidence.ids.number(of: id)),\(table.due[index] - start),"
            + "\(table.written[index] - start),\(testimony.assignment.nickname),\(time - start)\n",
          file)
      }
    }
    let isWritten = ferror(file) == 0
    guard (isPacked ? pclose(file) : fclose(file)) == 0, isWritten else {
      throw OutputFile.Unwritable(
        path: path, reason: SystemError(call: "write", errno: errno).reason)
    }
  }
}
