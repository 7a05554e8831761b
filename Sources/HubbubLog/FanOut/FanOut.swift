import HubbubThreads
import Synchronization

/// The right to deliver what was published in one room: one thread at a time has it.
///
/// Whoever publishes says that there is something, and takes the right if it is free. If it is out, the thread goes
/// on at once: the holder looks again after giving it back, so nothing is left behind, and what several threads
/// publish at the same time is delivered together.
///
///     publisher                      holder of the right
///                                    isWanted = false, delivers what it sees
///     publishes an entry
///     isWanted = true
///     the right is out: goes on
///                                    gives the right back
///                                    sees isWanted, takes the right again
public final class FanOut: Sendable {
  /// Whether there may be something to deliver. Sequentially consistent, with `isOut`: the look after the right was
  /// given back is what makes delivery lossless.
  private let isWanted = Atomic<Bool>(false)

  /// Whether a thread has the right.
  private let isOut = Atomic<Bool>(false)

  /// A publisher that has fanned out this often leaves the rest to others, or a busy room could keep it from its
  /// own client.
  private static let maximumRounds = 4

  public init() {}

  /// Delivers, unless another thread does. Any thread, under no lock.
  ///
  /// - Parameter round: delivers to everybody what was published before; called again where more was.
  /// - Returns: whether something is left that must be delivered later.
  public func run(_ round: () -> Void) -> Bool {
    Simulation.step()
    isWanted.store(true, ordering: .sequentiallyConsistent)
    var rounds = 0
    while isWanted.load(ordering: .sequentiallyConsistent), take() {
      // An exchange, so that what was published before it was wanted is seen.
      _ = isWanted.exchange(false, ordering: .sequentiallyConsistent)
      round()
      isOut.store(false, ordering: .sequentiallyConsistent)
      Simulation.step()
      rounds += 1
      if rounds == Self.maximumRounds { return isWanted.load(ordering: .sequentiallyConsistent) }
    }
    return false
  }

  private func take() -> Bool {
    Simulation.step()
    return !isOut.exchange(true, ordering: .sequentiallyConsistent)
  }
}
