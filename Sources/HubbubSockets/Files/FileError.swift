import Glibc
import HubbubThreads

/// Why a file cannot be read or written, in words for people.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// "No such file or directory", "it is a named pipe, and not a file".
  public let reason: String

  /// Whether there is no such file.
  public let isMissing: Bool

  public init(reason: String) {
    self.reason = reason
    isMissing = false
  }

  public init(_ error: SystemError) {
    reason = error.reason
    isMissing = error.errno == ENOENT
  }

  public var description: String { reason }

  /// What `errno` says of the call that has just failed.
  static func last(_ call: String) -> FileError {
    FileError(SystemError(call: call, errno: errno))
  }
}
