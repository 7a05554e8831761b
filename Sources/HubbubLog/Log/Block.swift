/// Bytes of one reader's, or of several, that stay in their place until nobody needs them.
// @unchecked: the bytes are written in `init` and never again.
public final class Block: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer

  /// How many bytes it counts for while it is queued: its own, and what keeps them.
  var cost: Int { bytes.count + 128 }

  public init(_ source: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 1)
    copy.copyBytes(from: source)
    bytes = UnsafeRawBufferPointer(copy)
    RetainedMemory.add(cost)
  }

  deinit {
    RetainedMemory.subtract(cost)
    bytes.deallocate()
  }
}
