import Synchronization

/// A piece of a room's log: bytes, and a table of the entries in them.
///
/// The room's writer appends under the room's lock; readers read without one. What they may read is
/// said by the room's `PublishedCount` (stored with release after the entry was written, loaded
/// with acquire by readers): what lies below it never changes again.
// @unchecked: entries and bytes below the published count are never written again; the rest, with
// `count` and `usedBytes`, is touched only by the writer under the room's lock.
final class Chunk: @unchecked Sendable {
  /// One entry of the table.
  struct Entry {
    /// Where its bytes end in the chunk; they begin where those of the entry before end.
    var end: UInt32 = 0
    let echo: Echo

    /// Whether it stands in several rooms, in each of them with the same stamp.
    let isShared: Bool

    /// Who must not get it back unasked; 0: nobody.
    let author: ReaderID

    /// Its place among the entries of all rooms (`LogicalClock`).
    let stamp: UInt64
  }

  /// Where a chunk's bytes lie.
  // @unchecked: the bytes are the chunk's to guard; `isCounted` is the writer's, until nobody else
  // holds it.
  final class Storage: @unchecked Sendable {
    fileprivate let bytes: UnsafeMutableRawPointer
    private let count: Int

    /// Whether it is kept for readers alone. Written by the log's writer before anybody can let go
    /// of it for good.
    private var isCounted = false

    fileprivate init(bytes count: Int) {
      self.count = count
      bytes = .allocate(byteCount: count, alignment: 16)
    }

    deinit {
      bytes.deallocate()
      if isCounted { RetainedMemory.subtract(count) }
    }

    /// The log goes on in another chunk. The writer, under the room's lock, once.
    fileprivate func didSeal() {
      isCounted = true
      RetainedMemory.add(count)
    }
  }

  /// The sequence number of its first entry.
  let firstSequence: UInt64

  /// How many bytes the log held before this chunk.
  let firstByte: UInt64

  /// The bytes by themselves, for those who still write them and have no more to read: a chunk
  /// holds on to those behind it, and so would they.
  let storage: Storage

  private let bytes: UnsafeMutableRawPointer
  private let entries: UnsafeMutablePointer<Entry>
  private let capacityBytes: Int

  /// How many bytes of entries it can hold.
  var capacity: Int { capacityBytes }

  private let capacityEntries: Int
  private var tableBytes: Int { capacityEntries * MemoryLayout<Entry>.stride }

  /// The writer's, under the room's lock.
  private(set) var count = 0
  private(set) var usedBytes = 0
  private var isSealed = false

  /// The chunk that follows, set once: then this one is sealed. Stored with release by the writer,
  /// before the count that covers the next chunk's first entry is published; loaded with acquire by
  /// readers.
  private let following = Atomic<Unmanaged<Chunk>?>(nil)

  /// The first sequence number of the chunk that follows, `UInt64.max` while there is none. Stored
  /// with release after `following`, loaded with acquire: whoever sees it sees `following` too.
  private let end = Atomic<UInt64>(.max)

  init(firstSequence: UInt64, firstByte: UInt64, capacityBytes: Int) {
    self.firstSequence = firstSequence
    self.firstByte = firstByte
    self.capacityBytes = capacityBytes
    capacityEntries = max(16, capacityBytes / 64)
    storage = Storage(bytes: capacityBytes)
    bytes = storage.bytes
    entries = .allocate(capacity: capacityEntries)
  }

  deinit {
    entries.deallocate()
    if isSealed { RetainedMemory.subtract(tableBytes) }
    // A slow reader may be the last to let go of a long chain: released in a loop, not link by link
    // from within the next one's deinit, which would need as much stack as the chain is long.
    var link = takeFollowing()
    // No `while let`: a second reference would make none of them unique.
    while isKnownUniquelyReferenced(&link) { link = link!.takeFollowing() }
  }

  /// The chunk that follows; nil while this is the last. Any thread.
  var next: Chunk? { following.load(ordering: .acquiring)?.takeUnretainedValue() }

  /// The sequence number behind its last entry; `UInt64.max` while it is not sealed. Any thread.
  @inline(__always)
  var endSequence: UInt64 { end.load(ordering: .acquiring) }

  /// Seals this chunk. The writer, under the room's lock, once.
  func link(to chunk: Chunk) {
    isSealed = true
    storage.didSeal()
    RetainedMemory.add(tableBytes)
    following.store(Unmanaged.passRetained(chunk), ordering: .releasing)
    end.store(chunk.firstSequence, ordering: .releasing)
  }

  /// Copies an entry's bytes to the end. The writer, under the room's lock.
  ///
  /// - Returns: false when there is no room.
  func append(_ line: UnsafeRawBufferPointer, _ entry: Entry) -> Bool {
    guard count < capacityEntries, usedBytes + line.count <= capacityBytes else { return false }
    if let base = line.baseAddress {
      (bytes + usedBytes).copyMemory(from: base, byteCount: line.count)
    }
    usedBytes += line.count
    var entry = entry
    entry.end = UInt32(usedBytes)
    (entries + count).initialize(to: entry)
    count += 1
    return true
  }

  /// Entry number `index`, which must lie below the published count. Any thread.
  @inline(__always)
  func entry(_ index: Int) -> Entry { entries[index] }

  /// A range of the published bytes, valid while the chunk or its `storage` lives. Any thread.
  @inline(__always)
  func span(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: bytes + range.lowerBound, count: range.count)
  }

  private func takeFollowing() -> Chunk? {
    following.exchange(nil, ordering: .acquiringAndReleasing)?.takeRetainedValue()
  }
}
