import Synchronization

/// The right to write to one connection: at most one thread has it, and nobody waits for it.
///
/// A helper only ever tries. The owner alone may wait, once, to keep the baton for good: after
/// `retire()` no `tryTake()` succeeds again, so what the baton protects can be torn down.
///
///     helper                         owner
///     tryTake() → true
///     writes                         retire(): the baton is out, waits
///     release(): hands it over   →   goes on, and closes the descriptor
///     tryTake() → false
public final class Baton: Sendable {
  private enum Place {
    static let free = 0
    static let taken = 1
    /// Taken, and the owner waits for it.
    static let awaited = 2
    static let retired = 3
  }

  /// Pairs with itself, sequentially consistent: users combine it with a "there is more" flag and
  /// rely on one order of all these accesses (take, look at the flag, release, look again).
  private let place = Atomic<Int>(Place.free)

  /// Whether the baton was handed to the waiting owner.
  private let handed = Monitor(level: .leaf, false)

  public init() {}

  /// Takes the baton if it is free. Never waits. Any thread.
  ///
  /// - Parameter isNoted: false for the further ones of several that a thread takes and gives back
  ///   together: a watchdog looks whether it holds any.
  @inline(__always)
  public func tryTake(isNoted: Bool = true) -> Bool {
    Simulation.step()
    guard exchange(Place.free, for: Place.taken) else { return false }
    if isNoted { Holding.baton.note() }
    return true
  }

  /// Gives it back. Only the thread that took it.
  ///
  /// - Parameter isNoted: false for all but the last of several.
  @inline(__always)
  public func release(isNoted: Bool = true) {
    if isNoted { Holding.baton.note() }
    let (exchanged, found) = place.compareExchange(
      expected: Place.taken, desired: Place.free, ordering: .sequentiallyConsistent)
    if !exchanged { handOver(found) }
    Simulation.step()
  }

  /// Waits for the baton and keeps it for ever. The owner calls it once.
  public func retire() {
    while true {
      Simulation.step()
      if exchange(Place.free, for: Place.retired) { return }
      if exchange(Place.taken, for: Place.awaited) { break }
      precondition(
        place.load(ordering: .sequentiallyConsistent) < Place.awaited,
        "A baton was retired twice.")
    }
    _ = handed.wait { $0 ? true : nil }
  }

  private func exchange(_ expected: Int, for desired: Int) -> Bool {
    place.compareExchange(
      expected: expected, desired: desired, ordering: .sequentiallyConsistent
    ).exchanged
  }

  private func handOver(_ found: Int) {
    precondition(found == Place.awaited, "A baton was released twice.")
    place.store(Place.retired, ordering: .sequentiallyConsistent)
    handed.withLock { $0 = true }
    handed.wakeAll()
  }
}
