import HubbubLog
import HubbubThreads

/// Keeps what waits for slow readers within a total, whatever each of them may have for itself.
///
/// Publishers never wait for it: they only say that the total is passed. On a thread of its own it ends the worst
/// laggards, a few at a time, until enough is free, and gives what they leave behind back to the system.
final class MemoryRelief: Sendable {
  private let hub: Hub

  init(hub: Hub) { self.hub = hub }

  func stop() { hub.memoryAlarm.stop() }

  /// The thread. Looks when it is told to, and once a second.
  func run() {
    var hasEnded = false
    while hub.memoryAlarm.wait(upTo: Self.period) {
      while isTight, endWorst() {
        hasEnded = true
        guard hub.memoryAlarm.pause(Self.pause) else { return }
      }
      if hasEnded {
        // What was theirs lies in the allocator's lists until somebody gives it back.
        Allocator.giveBack()
        hasEnded = false
      }
    }
  }

  /// Time for those that were ended to let go of what they kept.
  private static let pause: Duration = .milliseconds(20)

  private static let period: Duration = .seconds(1)

  private var isTight: Bool {
    hub.memory.isExceeded || hub.memory.isScarce && !overdrawn().isEmpty
  }

  /// Ends those that are furthest behind: of an address that keeps more than its share, or else of everybody.
  ///
  /// - Returns: whether there were any.
  private func endWorst() -> Bool {
    let laggards = hub.memory.isExceeded ? readers() : overdrawn()
    let worst = laggards.sorted { $0.lagBytes > $1.lagBytes }
    for laggard in worst.prefix(max(1, worst.count / 8)) { end(laggard) }
    return !worst.isEmpty
  }

  private func end(_ laggard: Laggard) {
    let outbox = laggard.client.member.outbox
    let kilobytes = laggard.lagBytes / 1024
    let reason = "Too slow: \(kilobytes) KiB behind, and the server is short of memory"
    outbox.end(
      Outbox.Ending(reason: reason, lagBytes: laggard.lagBytes),
      farewell: laggard.client.lastWords(reason))
  }

  private struct Laggard {
    let client: Client
    let lagBytes: Int
  }

  /// Those who cannot take anything at the moment, and keep something.
  private func readers() -> [Laggard] {
    hub.clients.all.compactMap { client in
      let outbox = client.member.outbox
      guard outbox.isFull, !outbox.isEnding else { return nil }
      return Laggard(client: client, lagBytes: outbox.lagBytes)
    }
  }

  /// Those of addresses that keep more than an address may, where the number of clients is limited.
  private func overdrawn() -> [Laggard] {
    let share = hub.memory.limitBytes / Self.share
    let (limits, classes) = (hub.limits, hub.current.classes)
    let limited = readers().filter { classes.clientsPerAddress($0.client.address, limits) != nil }
    let byAddress = Dictionary(grouping: limited) {
      PasswordTurns.subscriber($0.client.address)
    }
    return byAddress.values.filter { $0.reduce(0) { $0 + $1.lagBytes } > share }.flatMap { $0 }
  }

  /// One address (a /64 of IPv6) may keep one part of this many of the total.
  private static let share = 2
}
