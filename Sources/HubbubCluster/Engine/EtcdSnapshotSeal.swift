import CZlib

/// What is written after the last piece of a state: by it shows whether all is there.
struct EtcdSnapshotSeal: Equatable {
  let pieces: Int
  let bytes: Int

  /// CRC-32.
  let sum: UInt32

  init(of bytes: [UInt8], pieces: Int) {
    (self.pieces, self.bytes) = (pieces, bytes.count)
    sum = bytes.withUnsafeBufferPointer { czlib_crc32($0.baseAddress, $0.count) }
  }

  /// - Returns: nil for what `text` did not write.
  init?(_ text: [UInt8]) {
    let words = String(decoding: text, as: UTF8.self).split(separator: " ")
    guard words.count == 3, let pieces = Int(words[0]), let bytes = Int(words[1]),
      let sum = UInt32(words[2]), pieces >= 0, bytes >= 0
    else { return nil }
    (self.pieces, self.bytes, self.sum) = (pieces, bytes, sum)
  }

  var text: [UInt8] { Array("\(pieces) \(bytes) \(sum)".utf8) }
}
