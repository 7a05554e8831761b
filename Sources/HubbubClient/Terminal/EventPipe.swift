import CLibEdit
import Glibc
import HubbubThreads

/// A pipe that wakes a thread in `poll`: whoever writes never waits, whoever reads empties it.
final class EventPipe: Sendable {
  /// For `poll`.
  let reading: Int32

  /// For signal handlers.
  let writing: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard clibedit_pipe(&ends) == 0 else { throw SystemError(call: "pipe2", errno: errno) }
    reading = ends[0]
    writing = ends[1]
  }

  deinit {
    close(reading)
    close(writing)
  }

  /// Wakes the reader. Any thread.
  func wake() {
    var byte: UInt8 = 0
    // A full pipe wakes the reader just as well.
    _ = write(writing, &byte, 1)
  }

  /// What was written since the last call; does not wait. The reader only.
  func drain() -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 256)
    var result: [UInt8] = []
    while case let count = read(reading, &buffer, buffer.count), count > 0 {
      result += buffer[..<count]
    }
    return result
  }
}
