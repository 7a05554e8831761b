/// Where a client's thread reads into: small for those who say little, so that thousands of them cost
/// little, and larger for those who say much at once.
///
/// What one read brought is carried out before others are helped to read it, so the greatest size is also
/// how long one client may keep them waiting.
struct ReadBuffer: ~Copyable {
  private(set) var bytes = allocate(smallest)

  private static let smallest = 1024
  private static let greatest = 16 * 1024

  deinit { bytes.deallocate() }

  /// Grows after a read that filled the buffer.
  mutating func adapt(to count: Int) {
    guard count == bytes.count, count < Self.greatest else { return }
    bytes.deallocate()
    bytes = Self.allocate(4 * count)
  }

  private static func allocate(_ count: Int) -> UnsafeMutableRawBufferPointer {
    .allocate(byteCount: count, alignment: 16)
  }
}
