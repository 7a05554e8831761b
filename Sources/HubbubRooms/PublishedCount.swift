import Synchronization

/// How many entries of a room may be read: the sequence number of the last one.
///
/// Stored with release under the room's lock after the entry was written to every log, loaded with acquire
/// by readers, who may then read everything up to it without a lock.
final class PublishedCount: Sendable {
  private let count = Atomic<UInt64>(0)

  /// Any thread.
  var value: UInt64 { count.load(ordering: .acquiring) }

  /// Under the room's lock.
  func advance(to sequence: UInt64) { count.store(sequence, ordering: .releasing) }
}
