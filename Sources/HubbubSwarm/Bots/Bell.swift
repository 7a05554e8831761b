import CLinux
import Glibc
import HubbubThreads

/// Wakes one bot that waits in `Waiter`. Any thread rings it; it owns a descriptor.
final class Bell: Sendable {
  let descriptor: Int32

  /// - Throws: `SystemError` when the process has no descriptor left.
  init() throws(SystemError) {
    descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard descriptor >= 0 else { throw SystemError(call: "eventfd", errno: errno) }
  }

  deinit { close(descriptor) }

  func ring() {
    var one: UInt64 = 1
    // It fails only where the bell has been rung 2⁶⁴ − 1 times.
    _ = write(descriptor, &one, 8)
  }
}
