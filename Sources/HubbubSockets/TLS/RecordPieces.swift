import Glibc

/// Cuts spans of bytes into pieces for records: a burst of short lines becomes one record, and not
/// one each.
struct RecordPieces {
  private let spans: UnsafeBufferPointer<iovec>
  private var span = 0
  private var offset = 0
  private let bytes: Int
  private(set) var takenBytes = 0

  init(_ spans: UnsafeBufferPointer<iovec>) {
    self.spans = spans
    bytes = spans.reduce(0) { $0 + $1.iov_len }
    skipEmpty()
  }

  var hasMore: Bool { takenBytes < bytes }

  /// Calls `body` with the next piece: where it lies if it lies in one span, copied together
  /// otherwise.
  func withNext<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let wanted = min(bytes - takenBytes, TLSSession.recordBytes)
    let first = UnsafeRawBufferPointer(
      start: spans[span].iov_base + offset, count: spans[span].iov_len - offset)
    if first.count >= wanted { return body(UnsafeRawBufferPointer(rebasing: first[..<wanted])) }
    return withUnsafeTemporaryAllocation(byteCount: wanted, alignment: 16) { scratch in
      var filled = 0
      var (index, start) = (span, offset)
      while filled < wanted {
        let count = min(spans[index].iov_len - start, wanted - filled)
        if count > 0 {
          memcpy(scratch.baseAddress! + filled, spans[index].iov_base + start, count)
        }
        filled += count
        (index, start) = (index + 1, 0)
      }
      return body(UnsafeRawBufferPointer(scratch))
    }
  }

  /// The first `count` bytes are on their way.
  mutating func take(_ count: Int) {
    takenBytes += count
    offset += count
    skipEmpty()
  }

  private mutating func skipEmpty() {
    while span < spans.count, offset >= spans[span].iov_len {
      offset -= spans[span].iov_len
      span += 1
    }
  }
}
