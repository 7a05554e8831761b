import Glibc
import HubbubSockets
import HubbubThreads

extension ByteStream {
  /// Sends all of `bytes` within a time. A thread that alone writes to the connection.
  ///
  /// - Returns: whether all was taken.
  func send(_ bytes: [UInt8], within limit: Duration) -> Bool {
    let deadline = ContinuousClock.now + limit
    return bytes.withUnsafeBytes { bytes in
      var start = 0
      while start < bytes.count {
        var vector = iovec(
          iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress! + start),
          iov_len: bytes.count - start)
        let count = withUnsafePointer(to: &vector) {
          try? sendNow(UnsafeBufferPointer(start: $0, count: 1))
        }
        // Whoever has gone is told nothing.
        guard let count else { return false }
        start += count
        if start == bytes.count { break }
        let rest = deadline - .now
        guard rest > .zero, Readiness.wait(for: socket.descriptor, POLLOUT, limit: rest) else {
          return false
        }
      }
      return true
    }
  }
}
