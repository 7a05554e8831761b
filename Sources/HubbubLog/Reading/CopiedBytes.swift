/// Short runs of several rooms, side by side. Belongs to the batch that they are in.
final class CopiedBytes {
  private let bytes: UnsafeMutableRawBufferPointer
  private var used = 0

  private static let capacity = 8 * 1024

  init() {
    bytes = .allocate(byteCount: Self.capacity, alignment: 1)
    RetainedMemory.add(Self.capacity)
  }

  deinit {
    bytes.deallocate()
    RetainedMemory.subtract(Self.capacity)
  }

  /// Copies a run to the end.
  ///
  /// - Returns: the copy; nil where there is no room for it.
  func append(_ run: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    guard used + run.count <= bytes.count else { return nil }
    let place = UnsafeMutableRawBufferPointer(rebasing: bytes[used..<used + run.count])
    place.copyMemory(from: run)
    used += run.count
    return UnsafeRawBufferPointer(place)
  }
}
