import Glibc

/// A call to the operating system that failed: which one, and why.
public struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The call, as its manual page names it: `accept`, `bind` …
  public let call: String

  /// The value of `errno` right after the call.
  public let errno: Int32

  public init(call: String, errno: Int32) {
    self.call = call
    self.errno = errno
  }

  /// The C library's sentence for `errno`: "Connection refused".
  public var reason: String {
    var buffer = [CChar](repeating: 0, count: 256)
    // For a number that it does not know it says so in the buffer, and returns an error as well.
    _ = strerror_r(errno, &buffer, buffer.count)
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return bytes.isEmpty ? "error \(errno)" : String(decoding: bytes, as: UTF8.self)
  }

  public var description: String { "\(call): \(reason)" }
}
