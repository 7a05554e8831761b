import HubbubThreads
import IRCWire

/// Looks once a second who is late: with registering, with answering a PING, with reading. Greets
/// who is silent.
final class ServerClock: Sendable {
  private let hub: Hub
  private let isStopping = Monitor(false)

  init(hub: Hub) { self.hub = hub }

  /// The clock's thread.
  func run() {
    var historyWarning = HistoryWarning()
    var lookedAt = Moment.now
    var revision: Int64?
    while isStopping.wait(upTo: Self.period, for: { $0 ? true : nil }) == nil {
      let now = Moment.now
      hub.health.beat(now)
      for client in hub.clients.all {
        client.greet(now: now)
        client.checkTime(now: now)
      }
      hub.clients.forgetOldConnects(now: now)
      if Moment.passed(Self.pause, since: lookedAt, now: now) {
        lookedAt = now
        hub.accountChores.noteStays()
        // What was applied by the last time was read by now.
        if let revision { hub.history?.note(revision: revision) }
        revision = hub.cluster?.node.status.revision
      }
      hub.forgetMetadata()
      hub.registry.closeSilentTalks(now: .now)
      historyWarning.check(hub, now: now)
      for ban in hub.bans.dropExpired(at: .now) {
        hub.logger.notice("ban is over", metadata: ["target": "\(ban.target)"])
      }
    }
  }

  func stop() {
    isStopping.withLock { $0 = true }
    isStopping.wakeAll()
  }

  private static let period: Duration = .seconds(1)

  /// Between two looks at what is more work than a glance, and need not be seen at once.
  private static let pause: Duration = .seconds(10)
}
