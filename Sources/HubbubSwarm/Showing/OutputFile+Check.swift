import Glibc
import HubbubThreads

extension OutputFile {
  /// Two outputs that would overwrite each other.
  public struct Clash: Error, CustomStringConvertible {
    let path: String

    public var description: String {
      let place = path == OutputFile.standardOutput ? "standard output" : path
      return "Two things would be written to \(place); name two files."
    }
  }

  /// Makes sure that each of the files can be written, before an hour is spent on what goes into
  /// them.
  ///
  /// Nothing is changed: what is there stays, and what was not there is not there afterwards.
  /// - Throws: `Unwritable` or `Clash`.
  public static func check(_ paths: [String]) throws {
    var seen = Set<String>()
    for path in paths {
      guard seen.insert(path).inserted else { throw Clash(path: path) }
      if path != standardOutput { try check(path) }
    }
  }

  private static func check(_ path: String) throws(Unwritable) {
    // A pipe or a device is opened once, when it is written: to open it may wait for a reader, or
    // end one.
    var status = stat()
    let isThere = stat(path, &status) == 0
    if isThere, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) { return }
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    guard file >= 0 else {
      throw Unwritable(path: path, reason: SystemError(call: "open", errno: errno).reason)
    }
    close(file)
    if !isThere { unlink(path) }
  }
}
