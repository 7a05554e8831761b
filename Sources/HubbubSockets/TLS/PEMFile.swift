import COpenSSL
import Glibc

/// Small files of keys and certificates.
enum PEMFile {
  /// - Throws: `TLSError.unreadable`.
  static func read(_ path: String) throws(TLSError) -> [UInt8] {
    do throws(FileError) {
      return try SmallFile.read(path)
    } catch {
      throw .unreadable(file: path, reason: error.reason)
    }
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
}
