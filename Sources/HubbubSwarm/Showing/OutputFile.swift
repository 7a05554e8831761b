import Glibc
import HubbubSockets
import HubbubThreads

/// Writes a file whole.
public enum OutputFile {
  /// A file that cannot be written, in words for people.
  public struct Unwritable: Error, CustomStringConvertible {
    let path: String
    let reason: String

    public var description: String { "\(path) cannot be written: \(reason)." }
  }

  /// The name that means standard output.
  public static let standardOutput = "-"

  /// Writes into the file at `path`, which may be a pipe or a device, or a link to one: it is where
  /// somebody said. `-` is standard output.
  ///
  /// - Throws: `Unwritable`.
  public static func write(_ bytes: [UInt8], to path: String) throws(Unwritable) {
    guard path != standardOutput else {
      fflush(nil)
      do {
        return try SmallFile.write(bytes, to: STDOUT_FILENO)
      } catch {
        throw Unwritable(path: "standard output", reason: error.reason)
      }
    }
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard file >= 0 else {
      throw Unwritable(path: path, reason: SystemError(call: "open", errno: errno).reason)
    }
    let written = Result { () throws(FileError) in try SmallFile.write(bytes, to: file) }
    let isClosed = close(file) == 0
    let failure = SystemError(call: "close", errno: errno).reason
    if case .failure(let error) = written { throw Unwritable(path: path, reason: error.reason) }
    guard isClosed else { throw Unwritable(path: path, reason: failure) }
  }

  /// Reads the file at `path` whole; nil where it cannot be read.
  public static func read(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = fread(&piece, 1, piece.count, file)
      bytes += piece.prefix(count)
      if count < piece.count { return ferror(file) == 0 ? bytes : nil }
    }
  }
}
