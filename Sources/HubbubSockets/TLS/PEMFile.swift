import COpenSSL
import Glibc
import HubbubThreads

/// Small files of keys and certificates.
enum PEMFile {
  /// Far more than any chain of certificates has.
  private static let greatestBytes = 1024 * 1024

  /// - Throws: `TLSError.unreadable`.
  static func read(_ path: String) throws(TLSError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw unreadable(path, "open") }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    while true {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(path, "read") }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= greatestBytes else {
        throw .unreadable(file: path, reason: "it is too large for a certificate or a key")
      }
    }
  }

  /// Writes a new file, and has the disk keep it.
  ///
  /// - Parameter mode: who may do what with it, from the moment it exists.
  /// - Throws: `SystemError`, also where there is such a file already.
  static func create(_ path: String, mode: mode_t, _ bytes: [UInt8]) throws(SystemError) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard file >= 0 else { throw SystemError(call: "open", errno: errno) }
    defer { close(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        throw SystemError(call: "write", errno: errno)
      }
    }
    guard fsync(file) == 0 else { throw SystemError(call: "fsync", errno: errno) }
  }

  /// Calls `body` with a BIO that reads these bytes.
  static func withBIO<Result>(_ bytes: [UInt8], _ body: (OpaquePointer) -> Result) -> Result {
    bytes.withUnsafeBytes { raw in
      // Of no bytes at all OpenSSL still wants to know where they are.
      let start = raw.baseAddress ?? UnsafeRawPointer(bitPattern: 1)
      guard let bio = BIO_new_mem_buf(start, Int32(raw.count)) else {
        fatalError("There is no memory for a certificate.")
      }
      defer { BIO_free(bio) }
      return body(bio)
    }
  }

  private static func unreadable(_ path: String, _ call: String) -> TLSError {
    .unreadable(file: path, reason: SystemError(call: call, errno: errno).reason)
  }
}
