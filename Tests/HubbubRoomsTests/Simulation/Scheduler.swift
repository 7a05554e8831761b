import CLinux
import Glibc
import HubbubThreads
import TestSupport

/// Runs threads one at a time, and decides by a seed at every lock and atomic which of them goes on.
///
/// The same seed gives the same interleaving, as long as the threads do nothing but what they are told.
// @unchecked: the state belongs to whoever has the turn, which semaphores hand over.
final class Scheduler: @unchecked Sendable {
  private var random: SplitMix64
  private var turns: [UnsafeMutablePointer<sem_t>] = []
  private var runnable: [Int] = []
  private let end: UnsafeMutablePointer<sem_t>

  /// One step in so many is another thread's: seeds differ in how often threads take turns.
  private let patience: Int

  /// One step in so many is where a thread loses its processor, while the others do whole actions.
  private let rarity: Int
  private var steps = 0

  /// Until which step each thread is passed over.
  private var absences: [Int] = []

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    patience = Int.random(in: 1...12, using: &random)
    rarity = Int.random(in: 20...200, using: &random)
    end = Self.semaphore()
  }

  deinit {
    for semaphore in turns + [end] {
      sem_destroy(semaphore)
      semaphore.deallocate()
    }
  }

  /// Runs each body on a thread of its own, until all have returned.
  func run(_ bodies: [@Sendable () -> Void]) throws {
    turns = bodies.map { _ in Self.semaphore() }
    runnable = Array(bodies.indices)
    absences = bodies.map { _ in 0 }
    let threads = try bodies.enumerated().map { index, body in
      try NamedThread(name: "simulated-\(index)") { self.live(index, body) }
    }
    sem_post(turns[choose()])
    wait(for: end)
    for thread in threads { thread.join() }
  }

  private func live(_ index: Int, _ body: () -> Void) {
    wait(for: turns[index])
    let seat = SimulatedThread(scheduler: self, index: index)
    let context = Unmanaged.passUnretained(seat).toOpaque()
    clinux_simulation()!.pointee = clinux_simulation(
      step: { Unmanaged<SimulatedThread>.fromOpaque($0!).takeUnretainedValue().step() },
      context: context)
    withExtendedLifetime(seat, body)
    clinux_simulation()!.pointee = clinux_simulation(step: nil, context: nil)
    runnable.removeAll { $0 == index }
    sem_post(runnable.isEmpty ? end : turns[choose()])
  }

  /// The thread that has the turn asks whether it goes on.
  fileprivate func step(_ index: Int) {
    steps += 1
    let isAbsent = Int.random(in: 0..<rarity, using: &random) == 0
    if isAbsent { absences[index] = steps + Int.random(in: 1..<1000, using: &random) }
    guard runnable.count > 1, isAbsent || Int.random(in: 0..<patience, using: &random) == 0
    else { return }
    let next = choose()
    if next == index { return }
    sem_post(turns[next])
    wait(for: turns[index])
  }

  private func choose() -> Int {
    let present = runnable.filter { absences[$0] <= steps }
    let candidates = present.isEmpty ? runnable : present
    return candidates[Int.random(in: 0..<candidates.count, using: &random)]
  }

  private func wait(for semaphore: UnsafeMutablePointer<sem_t>) {
    while sem_wait(semaphore) != 0 {}
  }

  private static func semaphore() -> UnsafeMutablePointer<sem_t> {
    let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
    return semaphore
  }
}

/// One thread, as its hook knows it.
private final class SimulatedThread {
  let scheduler: Scheduler
  let index: Int

  init(scheduler: Scheduler, index: Int) {
    self.scheduler = scheduler
    self.index = index
  }

  func step() { scheduler.step(index) }
}
