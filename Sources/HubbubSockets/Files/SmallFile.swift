import Glibc
import HubbubThreads

/// Small files, read whole and replaced whole.
///
/// Every file that this program keeps is written here: the bans, certificates and keys, what a
/// client remembers.
public enum SmallFile {
  /// A larger one is none of ours.
  private static let maximumBytes = 16 * 1024 * 1024

  /// Reads a file. Waits for the disk, but for nobody to write into a pipe: what is no regular file
  /// is refused.
  public static func read(_ path: String) throws(FileError) -> [UInt8] {
    let descriptor = try openRegular(path, O_RDONLY)
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = Glibc.read(descriptor, &part, part.count)
      if count == 0 { return bytes }
      if count > 0 {
        bytes += part[..<count]
        guard bytes.count <= maximumBytes else { throw FileError(reason: "it is too large") }
      } else if errno != EINTR {
        throw .last("read")
      }
    }
  }

  /// Puts `bytes` in the place of what `path` held: whoever reads it sees the old bytes or the new
  /// ones, also after a crash. Waits for the disk.
  ///
  /// What is written goes into a new file, of a name that nobody knows before: nothing that
  /// somebody has laid in the way is ever opened. A symbolic link at `path` itself is replaced by
  /// the file.
  ///
  /// - Parameter mode: who may do what with the file, from the moment it exists; the umask takes
  ///   away from it.
  public static func replace(
    _ path: String, with bytes: [UInt8], mode: mode_t = 0o600
  ) throws(FileError) {
    let temporary = try makeTemporary(beside: path, holding: bytes, mode: mode)
    guard rename(temporary, path) == 0 else {
      let error = FileError.last("rename")
      unlink(temporary)
      throw error
    }
    syncFolder(of: path)
  }

  /// Makes a file, whole or not at all. What is there already stays as it is, also where another
  /// process is the first meanwhile. Waits for the disk.
  public static func make(
    _ path: String, holding bytes: [UInt8], mode: mode_t = 0o600
  ) throws(FileError) {
    let temporary = try makeTemporary(beside: path, holding: bytes, mode: mode)
    defer { unlink(temporary) }
    guard link(temporary, path) == 0 || errno == EEXIST else { throw .last("link") }
    syncFolder(of: path)
  }

  /// The same, but where `path` is a symbolic link, the link stays and what it leads to is
  /// replaced. For files in a person's own folders, where the link is theirs.
  public static func replaceThroughLink(
    _ path: String, with bytes: [UInt8], mode: mode_t = 0o600
  ) throws(FileError) {
    try replace(try target(of: path), with: bytes, mode: mode)
  }

  /// Adds bytes at the end of a file, which is made where there is none. Waits for the disk.
  public static func append(_ bytes: [UInt8], to path: String) throws(FileError) {
    let descriptor = try openRegular(path, O_WRONLY | O_APPEND | O_CREAT)
    defer { close(descriptor) }
    fchmod(descriptor, 0o600)
    try write(bytes, to: descriptor)
  }

  /// Writes all of the bytes to a descriptor. Waits until they are taken.
  public static func write(_ bytes: [UInt8], to descriptor: Int32) throws(FileError) {
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress! + start, bytes.count - start)
      }
      if count >= 0 {
        start += count
      } else if errno != EINTR {
        throw .last("write")
      }
    }
  }

  // MARK: Opening

  /// Opens a regular file. Without O_NONBLOCK a pipe would hold the caller until somebody opens its
  /// other end.
  private static func openRegular(_ path: String, _ flags: Int32) throws(FileError) -> Int32 {
    let more = O_NONBLOCK | O_NOCTTY | O_CLOEXEC
    let descriptor = open(path, flags | more, 0o600)
    var status = stat()
    guard descriptor >= 0 else {
      let error = FileError.last("open")
      // A pipe that nobody reads, a socket: the system's words for it help nobody.
      guard stat(path, &status) == 0, let obstacle = obstacle(status) else { throw error }
      throw obstacle
    }
    guard fstat(descriptor, &status) == 0, let obstacle = obstacle(status) else {
      return descriptor
    }
    close(descriptor)
    throw obstacle
  }

  /// Why this is no file to read from or write to; nil for a regular one.
  private static func obstacle(_ status: stat) -> FileError? {
    let kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: nil as String?
      case S_IFDIR: "a directory"
      case S_IFIFO: "a named pipe"
      case S_IFSOCK: "a socket"
      default: "a device"
      }
    return kind.map { FileError(reason: "it is \($0), and not a file") }
  }

  /// Where the links that begin at `path` end: a path that is no link, and may lead to nothing yet.
  private static func target(of path: String) throws(FileError) -> String {
    var path = path
    // As many as the system follows itself.
    for _ in 0..<40 {
      var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
      let count = buffer.withUnsafeMutableBytes {
        readlink(path, $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
      }
      guard count >= 0 else { return path }
      let next = String(decoding: buffer[..<count], as: UTF8.self)
      path = next.hasPrefix("/") ? next : folder(of: path) + next
    }
    throw FileError(SystemError(call: "readlink", errno: ELOOP))
  }

  // MARK: Writing

  /// Writes a new file, of a name that nobody knows before, and returns its path.
  private static func makeTemporary(
    beside path: String, holding bytes: [UInt8], mode: mode_t
  ) throws(FileError) -> String {
    let temporary = "\(path).new-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = open(temporary, flags, mode)
    guard descriptor >= 0 else { throw .last("open") }
    do throws(FileError) {
      try writeDown(bytes, thenClose: descriptor)
      return temporary
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Writes down to the disk. The descriptor is closed afterwards, whatever happens.
  private static func writeDown(
    _ bytes: [UInt8], thenClose descriptor: Int32
  ) throws(FileError) {
    defer { close(descriptor) }
    try write(bytes, to: descriptor)
    guard fsync(descriptor) == 0 else { throw .last("fsync") }
  }

  /// So that the new name outlives a crash as well. Where a folder cannot be synced, the file still
  /// can.
  private static func syncFolder(of path: String) {
    let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// The folder that a file is in, with a slash at its end.
  public static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
  }
}
