import HubbubThreads
import Synchronization

/// Watches a room's broadcasts from inside: for one entry at a time, when it was appended and when
/// each member's connection had taken it.
///
/// A sample about every 50 ms, so that watching costs next to nothing: for all other entries a
/// reader pays one comparison a burst.
public final class FanOutSampler: Sendable {
  public init() {}

  /// The entry that is being watched; 0 while there is none. Stored under the room's lock before
  /// the entry is published (release), so whoever may read the entry may see this. Relaxed for
  /// readers: one that misses it is missing from this sample only.
  private let watched = Atomic<UInt64>(0)

  /// Guards the samples. A leaf: taken under the room's lock, and by readers after they wrote.
  private let state = Monitor(level: .leaf, State())

  private struct State {
    var sequence: UInt64 = 0

    /// Of this many members one is looked at.
    var stride: UInt64 = 1
    var startedAt = ContinuousClock.now
    var passes: [(member: ReaderID, delay: Duration)] = []
    var record = FanOutRecord()
  }

  /// When the last sample was begun, by the room's clock. Under the room's lock.
  private let lastBegun = Atomic<Int64>(0)

  /// The time to the next sample: 25 to 75 ms, another one after each.
  ///
  /// At equal distances people who speak in turns would always be met at the same place of the
  /// round, and one would seem to say all.
  private static func pauseMilliseconds(after sequence: UInt64) -> Int64 {
    25 + Int64(chance(sequence)) % 51
  }

  /// A number that has nothing to do with those beside it.
  private static func chance(_ number: UInt64) -> UInt64 {
    (number &* 0x9E37_79B9_7F4A_7C15) >> 32
  }

  /// In larger rooms each sample is of some of the people, of others each time: it is worked up
  /// under the room's lock.
  private static let membersPerSample: UInt64 = 256

  /// The length of the pause that is on. Under the room's lock.
  private let pause = Atomic<Int64>(0)

  /// Begins a sample of the entry that is about to be published, if it is time. Under the room's
  /// lock.
  ///
  /// - Parameter milliseconds: the time of day of the entry.
  public func consider(_ sequence: UInt64, milliseconds: Int64) {
    let last = lastBegun.load(ordering: .relaxed)
    guard abs(milliseconds - last) >= pause.load(ordering: .relaxed) else { return }
    lastBegun.store(milliseconds, ordering: .relaxed)
    pause.store(Self.pauseMilliseconds(after: sequence), ordering: .relaxed)
    state.withLock { state in
      state.record.add(state.passes)
      state.record.beginSample()
      state.passes.removeAll(keepingCapacity: true)
      state.sequence = sequence
      state.stride = max(1, UInt64(state.record.places.count) / Self.membersPerSample)
      state.startedAt = .now
    }
    watched.store(sequence, ordering: .releasing)
  }

  /// The entry that is being watched, if it lies above `last` and below `next`; 0 otherwise. Any
  /// thread.
  @inline(__always)
  func entry(above last: UInt64, below next: UInt64) -> UInt64 {
    let sequence = watched.load(ordering: .relaxed)
    return sequence > last && sequence < next ? sequence : 0
  }

  /// Notes that a member's connection has taken the entry now. Any thread, holding no lock.
  func note(_ sequence: UInt64, passedBy member: ReaderID) {
    state.withLock { state in
      guard state.sequence == sequence,
        Self.chance(sequence &+ member) % state.stride == 0
      else { return }
      state.passes.append((member, .now - state.startedAt))
    }
  }

  /// What was seen so far. Any thread.
  public var record: FanOutRecord { state.withLock { $0.record } }

  /// Counts a member from now on. Under the room's lock.
  public func expect(_ member: ReaderID) { state.withLock { $0.record.expect(member) } }

  /// Forgets a member that has left. Under the room's lock.
  public func forget(_ member: ReaderID) { state.withLock { $0.record.forget(member) } }
}
