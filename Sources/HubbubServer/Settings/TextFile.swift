import Glibc
import HubbubThreads

/// Small files of text, read whole.
public enum TextFile {
  /// Larger ones are no settings: EFBIG.
  private static let greatestBytes = 16 * 1024 * 1024

  /// Reads a file. What is not UTF-8 in it becomes U+FFFD. Waits for the disk.
  public static func read(_ path: String) throws(SystemError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError(call: "open", errno: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = Glibc.read(descriptor, &part, part.count)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      if count > 0 {
        bytes += part[..<count]
        guard bytes.count <= greatestBytes else { throw SystemError(call: "read", errno: EFBIG) }
      } else if errno != EINTR {
        throw SystemError(call: "read", errno: errno)
      }
    }
  }

  /// Puts `text` in the place of what `path` held: whoever reads it sees the old text or the new one, also
  /// after a crash. Waits for the disk.
  static func replace(_ path: String, with text: String) throws(SystemError) {
    let temporary = "\(path).new"
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
    let descriptor = open(temporary, flags, 0o600)
    guard descriptor >= 0 else { throw SystemError(call: "open", errno: errno) }
    do throws(SystemError) {
      try write(text, thenClose: descriptor)
      guard rename(temporary, path) == 0 else { throw SystemError(call: "rename", errno: errno) }
    } catch {
      unlink(temporary)
      throw error
    }
    syncFolder(of: path)
  }

  /// Writes a text down to the disk. The descriptor is closed afterwards, whatever happens.
  private static func write(_ text: String, thenClose descriptor: Int32) throws(SystemError) {
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress! + start, bytes.count - start)
      }
      if count >= 0 {
        start += count
      } else if errno != EINTR {
        throw SystemError(call: "write", errno: errno)
      }
    }
    guard fsync(descriptor) == 0 else { throw SystemError(call: "fsync", errno: errno) }
  }

  /// So that the new name outlives a crash as well. Where a folder cannot be synced, the file still can.
  private static func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// The lines of a text, whatever ends them; the end of the last makes no line more.
  public static func lines(_ text: String) -> [String] {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { String($0.filter { $0 != "\0" }) }
  }

  /// A name that stands in `file`: from that file's folder on, where it does not begin with a slash.
  static func path(_ name: String, from file: String) -> String {
    guard !name.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return name }
    return String(file[...slash]) + name
  }
}
