/// Where a client's thread reads into: small for those who say little, so that thousands of them
/// cost little, and larger for those who say much at once, for as long as they do.
///
/// What one read brought is carried out before others are helped to read it, so the maximum size is
/// also how long one client may keep them waiting.
struct ReadBuffer: ~Copyable {
  private(set) var bytes = allocate(smallest)

  /// How many reads in a row would have fitted into the next smaller size.
  private var smallReads = 0

  static let smallest = 1024
  static let largest = 16 * 1024

  /// From one size to the next.
  private static let factor = 4

  /// This many small reads in a row make it smaller: a busy client's pauses do not.
  static let patience = 32

  deinit { bytes.deallocate() }

  /// Grows after a read that filled the buffer, and shrinks after many that needed less of it.
  mutating func adapt(to count: Int) {
    if count == bytes.count {
      smallReads = 0
      if bytes.count < Self.largest { resize(to: bytes.count * Self.factor) }
    } else if count > bytes.count / Self.factor {
      smallReads = 0
    } else {
      smallReads += 1
      if smallReads >= Self.patience, bytes.count > Self.smallest {
        resize(to: bytes.count / Self.factor)
      }
    }
  }

  /// Lets go of all but the smallest size: nothing came for a while.
  mutating func shrink() {
    if bytes.count > Self.smallest { resize(to: Self.smallest) }
  }

  private mutating func resize(to count: Int) {
    bytes.deallocate()
    bytes = Self.allocate(count)
    smallReads = 0
  }

  private static func allocate(_ count: Int) -> UnsafeMutableRawBufferPointer {
    .allocate(byteCount: count, alignment: 16)
  }
}
