import CZlib

/// Compression as every browser undoes it (RFC 1952), by zlib.
enum Gzip {
  static func compress(_ bytes: [UInt8]) -> [UInt8] {
    let room = czlib_bound(bytes.count)
    return [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      count = czlib_gzip(bytes, bytes.count, buffer.baseAddress, room)
      precondition(count > 0, "zlib has no memory left.")
    }
  }
}
