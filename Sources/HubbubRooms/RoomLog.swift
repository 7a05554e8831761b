import Synchronization

/// One rendition's log of a room: the chain of chunks that its readers follow.
///
/// The room appends under its lock. A reader that joins starts at the tail; nothing keeps older chunks but
/// the readers that still need them.
// @unchecked: `tail` and `scratch` are touched only under the room's lock.
final class RoomLog: @unchecked Sendable {
  let rendition: Rendition

  /// Under the room's lock.
  private(set) var tail: Chunk

  /// How many bytes were ever appended. Relaxed: for the readers' lag, which is a matter of kilobytes.
  private let bytes: Atomic<UInt64>

  /// The current event's bytes, kept for their memory. Under the room's lock.
  private var scratch: [UInt8] = []

  /// A quiet room costs little, a busy one seldom needs a new chunk.
  private var capacityOfNext: Int {
    max(Self.smallestChunk, min(Self.largestChunk, 2 * tail.usedBytes))
  }

  private static let smallestChunk = 2 * 1024
  private static let largestChunk = 64 * 1024

  /// A log whose first entry will have the number `firstSequence`.
  init(rendition: Rendition, firstSequence: UInt64) {
    self.rendition = rendition
    tail = Chunk(
      firstSequence: firstSequence, firstByte: 0, capacityBytes: Self.smallestChunk)
    bytes = Atomic(0)
  }

  /// How many bytes were ever appended. Any thread.
  var appendedBytes: UInt64 { bytes.load(ordering: .relaxed) }

  /// Appends what `encode` writes as one entry. Under the room's lock.
  ///
  /// - Returns: whether a new chunk was begun: the moment to look for readers that fell behind.
  func append(_ entry: Chunk.Entry, encode: (Rendition, inout [UInt8]) -> Void) -> Bool {
    scratch.removeAll(keepingCapacity: true)
    encode(rendition, &scratch)
    defer { bytes.add(UInt64(scratch.count), ordering: .relaxed) }
    return scratch.withUnsafeBytes { line in
      if tail.append(line, entry) { return false }
      let next = Chunk(
        firstSequence: tail.firstSequence + UInt64(tail.count),
        firstByte: tail.firstByte + UInt64(tail.usedBytes),
        capacityBytes: max(line.count, capacityOfNext))
      let isAppended = next.append(line, entry)
      precondition(isAppended, "A new chunk must hold the entry that it was made for.")
      tail.link(to: next)
      tail = next
      return true
    }
  }
}
