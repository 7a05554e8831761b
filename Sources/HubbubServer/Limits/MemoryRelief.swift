import HubbubLog
import HubbubThreads
import Synchronization

/// Keeps what waits for slow readers within a total, whatever each of them may have for itself.
///
/// Publishers only say that the total is passed. On a thread of its own it ends the worst laggards,
/// as many as keep what is too much, until enough is free, and gives what they leave behind back to
/// the system.
final class MemoryRelief: Sendable {
  private let hub: Hub

  init(hub: Hub) { self.hub = hub }

  func stop() { hub.memoryAlarm.stop() }

  /// The thread. Looks when it is told to, and once a second.
  func run() {
    while hub.memoryAlarm.wait(upTo: Self.period) {
      guard isTight else { continue }
      hub.memoryAlarm.isAnswered.store(true, ordering: .relaxed)
      let hasEnded = relieve()
      hub.memoryAlarm.isAnswered.store(false, ordering: .relaxed)
      // What was theirs lies in the allocator's lists until somebody gives it back.
      if hasEnded { Allocator.giveBack() }
      // Where there is nobody to end, looking again at once would find nobody either.
      guard hub.memoryAlarm.pause(Self.rest) else { return }
    }
  }

  private static let period: Duration = .seconds(1)

  /// Time between two looks.
  private static let rest: Duration = .milliseconds(100)

  /// Ends laggards until no more is kept than may be.
  ///
  /// - Returns: whether any were ended.
  private func relieve() -> Bool {
    var hasEnded = false
    while isTight {
      let worst = worstLaggards()
      if worst.isEmpty { return hasEnded }
      hasEnded = true
      for laggard in worst { end(laggard) }
      guard waitUntilGone(worst) else { return hasEnded }
    }
    return hasEnded
  }

  private var isTight: Bool {
    hub.memory.isExceeded || hub.memory.isScarce && !overdrawn().isEmpty
  }

  /// Those that are furthest behind, of an address that keeps more than its share or else of
  /// everybody: as many as keep what is too much.
  private func worstLaggards() -> [Laggard] {
    let laggards = hub.memory.isExceeded ? readers() : overdrawn()
    var excess = max(1, RetainedMemory.bytes - hub.memory.limitBytes)
    var worst: [Laggard] = []
    for laggard in laggards.sorted(by: { $0.lagBytes > $1.lagBytes }) where excess > 0 {
      worst.append(laggard)
      excess -= laggard.lagBytes
    }
    return worst
  }

  /// What they kept is free only when their threads have let go of it.
  ///
  /// - Returns: false when the server stops.
  private func waitUntilGone(_ laggards: [Laggard]) -> Bool {
    let deadline = ContinuousClock.now + .seconds(1)
    while ContinuousClock.now < deadline,
      laggards.contains(where: { hub.clients.client($0.client.id) != nil })
    {
      guard hub.memoryAlarm.pause(.milliseconds(20)) else { return false }
    }
    return true
  }

  private func end(_ laggard: Laggard) {
    let outbox = laggard.client.outbox
    let kilobytes = laggard.lagBytes / 1024
    let reason = "Too slow: \(kilobytes) KiB behind, and the server is short of memory"
    outbox.end(
      Outbox.Ending(reason: reason, lagBytes: laggard.lagBytes),
      farewell: laggard.client.lastWords(reason))
  }

  private struct Laggard {
    let client: Client
    let lagBytes: Int

    /// What nobody else reads, and what lies in the logs of its rooms.
    let ownBytes: Int
    let sharedBytes: Int
  }

  /// Those who cannot take anything at the moment, and keep something worth freeing.
  private func readers() -> [Laggard] {
    hub.clients.all.compactMap { client in
      let outbox = client.outbox
      guard outbox.isFull, !outbox.isEnding else { return nil }
      let (waiting, shared) = outbox.lag
      let own = waiting + outbox.bytesKeptElsewhere
      guard own + shared >= Self.leastLagBytes else { return nil }
      return Laggard(client: client, lagBytes: own + shared, ownBytes: own, sharedBytes: shared)
    }
  }

  /// Whoever is less behind than this is not slow.
  private static let leastLagBytes = 64 * 1024

  /// Those of addresses that keep more than an address may, where the number of clients is limited.
  private func overdrawn() -> [Laggard] {
    let share = hub.memory.limitBytes / Self.share
    let (limits, classes) = (hub.limits, hub.current.classes)
    let limited = readers().filter { classes.clientsPerAddress($0.client.address, limits) != nil }
    let byAddress = Dictionary(grouping: limited) {
      PasswordTurns.subscriber($0.client.address)
    }
    // Clients of one address are mostly in the same rooms: what they keep there is kept once.
    return byAddress.values.filter { laggards in
      let shared = laggards.map(\.sharedBytes).max() ?? 0
      return laggards.reduce(shared) { $0 + $1.ownBytes } > share
    }.flatMap { $0 }
  }

  /// One address (a /64 of IPv6) may keep one part of this many of the total.
  private static let share = 2
}
