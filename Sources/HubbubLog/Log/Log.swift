import Synchronization

/// One form in which a room is read: the chain of chunks that its readers follow.
///
/// The room appends under its lock. A reader that joins starts at the tail; nothing keeps older
/// chunks but the readers that still need them.
// @unchecked: `tail` is touched only under the room's lock.
public final class Log: @unchecked Sendable {
  /// Under the room's lock.
  private(set) var tail: Chunk

  /// How many bytes were ever appended. Relaxed: for the readers' lag, which is a matter of
  /// kilobytes.
  private let bytes: Atomic<UInt64>

  /// The number of the last entry, which is the room's for as long as anybody reads the log in this
  /// form. Relaxed, as `bytes`.
  private let sequence: Atomic<UInt64>

  private static let smallestChunk = 2 * 1024

  /// A busy room seldom needs a new chunk.
  public static let largestChunk = 64 * 1024

  /// A log whose first entry will have the number `firstSequence`.
  public init(firstSequence: UInt64) {
    tail = Chunk(
      firstSequence: firstSequence, firstByte: 0, capacityBytes: Self.smallestChunk)
    bytes = Atomic(0)
    sequence = Atomic(firstSequence - 1)
  }

  /// How many bytes were ever appended. Any thread.
  var appendedBytes: UInt64 { bytes.load(ordering: .relaxed) }

  /// The sequence number of the last entry, or what came before the first one. Any thread.
  var lastSequence: UInt64 { sequence.load(ordering: .relaxed) }

  /// Appends bytes as one entry, which may be read once the room's `PublishedCount` says so. Under
  /// the room's lock.
  ///
  /// - Parameters:
  ///   - author: who must not get it back unasked; 0: nobody.
  ///   - stamp: drawn from the clock for it, under the same lock.
  ///   - isShared: whether it stands in several rooms, with this stamp in each.
  ///   - chunkLimit: how many bytes a further chunk has at most, where the entry does not need
  ///     more.
  /// - Returns: whether a new chunk was begun: the moment to look for readers that fell behind.
  public func append(
    _ event: UnsafeRawBufferPointer, by author: ReaderID, _ echo: Echo, stamp: UInt64,
    isShared: Bool = false, chunkLimit: Int = largestChunk
  ) -> Bool {
    let entry = Chunk.Entry(echo: echo, isShared: isShared, author: author, stamp: stamp)
    defer {
      // Nobody else writes them.
      let (size, last) = (bytes.load(ordering: .relaxed), sequence.load(ordering: .relaxed))
      bytes.store(size + UInt64(event.count), ordering: .relaxed)
      sequence.store(last + 1, ordering: .relaxed)
    }
    if tail.append(event, entry) { return false }
    let next = Chunk(
      firstSequence: tail.firstSequence + UInt64(tail.count),
      firstByte: tail.firstByte + UInt64(tail.usedBytes),
      capacityBytes: max(event.count, Self.smallestChunk, min(chunkLimit, 2 * tail.usedBytes)))
    let isAppended = next.append(event, entry)
    precondition(isAppended, "A new chunk must hold the entry that it was made for.")
    tail.link(to: next)
    tail = next
    return true
  }
}
