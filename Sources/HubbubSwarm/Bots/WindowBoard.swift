import Synchronization

/// How far each sender's messages have come back, as the first observer of its room sees it.
///
/// A bot that sends as fast as the server goes needs to know what is still under way, and not every
/// server lets it see its own messages. So the observer notes the last number that it heard of each
/// sender.
///
///     bot                                  observer
///     wakeAt := n                          seen := n
///     looks at seen once more, waits       looks at wakeAt; it is reached: clears it and rings
// @unchecked: the two arrays are set in `init` and freed in `deinit`; their elements are atomics.
final class WindowBoard: @unchecked Sendable {
  private let count: Int

  /// Pairs with `wakeAt`, sequentially consistent: each side writes its own and then reads the
  /// other's, so that at least one of them notices.
  private let seen: UnsafeMutablePointer<Atomic<Int>>

  /// The number at which a waiting bot wants to be woken; 0: it does not wait.
  private let wakeAt: UnsafeMutablePointer<Atomic<Int>>

  private let bells: [Bell]

  init(bells: [Bell]) {
    self.bells = bells
    count = bells.count
    seen = .allocate(capacity: count)
    wakeAt = .allocate(capacity: count)
    for index in 0..<count {
      (seen + index).initialize(to: Atomic(0))
      (wakeAt + index).initialize(to: Atomic(0))
    }
  }

  deinit {
    seen.deinitialize(count: count).deallocate()
    wakeAt.deinitialize(count: count).deallocate()
  }

  /// The last number of `sender` that came back. Any thread.
  func lastSeen(_ sender: Int) -> Int { seen[sender].load(ordering: .sequentiallyConsistent) }

  /// Asks for the bell when the message `number` of `sender` comes back. The sender's thread, which
  /// then looks at `lastSeen` before it waits.
  func wake(_ sender: Int, at number: Int) {
    wakeAt[sender].store(number, ordering: .sequentiallyConsistent)
  }

  /// Notes that `number` of `sender` came back. The observer's thread.
  func note(_ sender: Int, _ number: Int) {
    seen[sender].store(number, ordering: .sequentiallyConsistent)
    let wanted = wakeAt[sender].load(ordering: .sequentiallyConsistent)
    guard wanted > 0, number >= wanted else { return }
    if wakeAt[sender].exchange(0, ordering: .sequentiallyConsistent) > 0 { bells[sender].ring() }
  }
}
