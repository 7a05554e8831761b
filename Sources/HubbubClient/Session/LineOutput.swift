import Glibc
import HubbubThreads

/// Lines for the standard output, each written at once.
struct LineOutput {
  /// Nobody reads any more: `| head` has enough.
  struct Closed: Error {}

  private(set) var count = 0

  /// - Throws: `Closed`, or `SystemError`.
  mutating func print(_ line: String) throws {
    var line = line + "\n"
    try line.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let written = write(1, rest.baseAddress, rest.count)
        if written < 0, errno == EINTR { continue }
        if written < 0, errno == EPIPE { throw Closed() }
        guard written >= 0 else { throw SystemError(call: "write", errno: errno) }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
    }
    count += 1
  }
}
