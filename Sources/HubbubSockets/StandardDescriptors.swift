import Glibc
import HubbubThreads

/// Descriptors 0, 1 and 2, which a program takes for its input, its output and its errors, whatever
/// they are.
public enum StandardDescriptors {
  /// Opens `/dev/null` in the place of those that are missing.
  ///
  /// Whoever starts a program with a closed input (`<&-`) would otherwise give it the first socket
  /// that it opens as its input. Before anything else is opened; the main thread, once.
  ///
  /// - Throws: `SystemError` where `/dev/null` cannot be opened.
  public static func complete() throws(SystemError) {
    while true {
      // The system gives the lowest number that is free.
      let descriptor = open("/dev/null", O_RDWR)
      if descriptor < 0 { throw SystemError(call: "open", errno: errno) }
      if descriptor > STDERR_FILENO {
        close(descriptor)
        return
      }
    }
  }
}
