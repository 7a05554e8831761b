import ArgumentParser
import Glibc

/// What programs read as well: it is written whole, or that it was not is said.
enum StandardOutput {
  /// Writes a line.
  ///
  /// - Throws: `ExitCode` 74, after saying why, where it cannot be written.
  static func print(_ text: String, terminator: String = "\n") throws {
    fflush(nil)
    var rest = Array((text + terminator).utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) }
      guard count < 0, errno != EINTR else { continue }
      let reason = String(cString: strerror(errno))
      StandardError.write("hubbub: The output cannot be written: \(reason)\n")
      throw ExitCode(EX_IOERR)
    }
  }
}
