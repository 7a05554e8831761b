import Glibc
import HubbubThreads

/// Writes a file whole.
public enum OutputFile {
  /// A file that cannot be written, in words for people.
  public struct Unwritable: Error, CustomStringConvertible {
    let path: String
    let error: SystemError

    public var description: String { "\(path) cannot be written: \(error.reason)." }
  }

  /// Replaces the file at `path`.
  ///
  /// - Throws: `Unwritable`.
  public static func write(_ bytes: [UInt8], to path: String) throws(Unwritable) {
    guard let file = fopen(path, "wb") else {
      throw Unwritable(path: path, error: SystemError(call: "fopen", errno: errno))
    }
    let written = fwrite(bytes, 1, bytes.count, file)
    let failure = SystemError(call: "fwrite", errno: errno)
    guard fclose(file) == 0, written == bytes.count else {
      throw Unwritable(path: path, error: failure)
    }
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
