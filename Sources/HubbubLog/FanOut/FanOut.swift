import Glibc
import HubbubThreads
import Synchronization

/// The right to deliver what was published in one room: one thread at a time has it.
///
/// Whoever publishes draws a ticket, and takes the right if it is free. If it is out, the thread
/// goes on at once: the holder looks again after giving it back, so nothing is left behind, and
/// what several threads publish at the same time is delivered together. A room that is busy lets
/// them: its rounds begin after those who are about to publish.
///
///     publisher                      holder of the right
///                                    reads the last ticket, delivers what it sees
///     publishes an entry
///     draws a ticket
///     the right is out: goes on
///                                    that ticket is served; gives the right back
///                                    sees a later one, takes the right again
public final class FanOut: Sendable {
  /// The last ticket that was drawn. Sequentially consistent, with `served` and `isOut`: the look
  /// after the right was given back is what makes delivery lossless.
  private let drawn = Atomic<UInt64>(0)

  /// The last ticket whose publication was delivered. Written by the holder of the right.
  private let served = Atomic<UInt64>(0)

  /// Whether a thread has the right.
  private let isOut = Atomic<Bool>(false)

  /// When the last round ended. Written and read by the right's holders alone, one after the other.
  private let endedAt = Atomic<UInt64>(0)

  /// A publisher that has fanned out this often leaves the rest to others, or a busy room could
  /// keep it from its own client.
  private static let maximumRounds = 4

  public init() {}

  /// Delivers, unless another thread does. Any thread, under no lock.
  ///
  /// - Parameter round: delivers what was published before. It is told whether that is the caller's
  ///   own publication alone; otherwise everybody has to be delivered to.
  /// - Returns: whether something is left that must be delivered later.
  public func run(_ round: (_ isOwnAlone: Bool) -> Void) -> Bool {
    Simulation.step()
    let ticket = drawn.add(1, ordering: .sequentiallyConsistent).newValue
    var rounds = 0
    while hasMore, take() {
      waitForCompany()
      let last = drawn.load(ordering: .sequentiallyConsistent)
      let before = served.load(ordering: .sequentiallyConsistent)
      round(last == ticket && before == ticket - 1)
      served.store(last, ordering: .sequentiallyConsistent)
      endedAt.store(Self.nanoseconds, ordering: .relaxed)
      isOut.store(false, ordering: .sequentiallyConsistent)
      Simulation.step()
      rounds += 1
      if rounds == Self.maximumRounds { return hasMore }
    }
    return false
  }

  /// In a room that is busy, lets those go first who are about to publish: what they do leaves with
  /// this round. One that was calm is prompt.
  private func waitForCompany() {
    let pause = Self.nanoseconds - endedAt.load(ordering: .relaxed)
    if pause < Self.busyNanoseconds { sched_yield() }
  }

  /// Whose last round ended less than this long ago is busy.
  private static let busyNanoseconds: UInt64 = 50_000

  private static var nanoseconds: UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
  }

  private var hasMore: Bool {
    served.load(ordering: .sequentiallyConsistent) != drawn.load(ordering: .sequentiallyConsistent)
  }

  private func take() -> Bool {
    Simulation.step()
    return !isOut.exchange(true, ordering: .sequentiallyConsistent)
  }
}
