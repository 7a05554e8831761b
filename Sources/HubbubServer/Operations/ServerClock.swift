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
    while isStopping.wait(upTo: Self.period, for: { $0 ? true : nil }) == nil {
      let now = Moment.now
      hub.health.beat(now)
      for client in hub.clients.all {
        client.greet(now: now)
        client.checkTime(now: now)
      }
      hub.clients.forgetOldConnects(now: now)
      hub.endLongStays()
      hub.forgetMetadata()
      hub.registry.closeTalks(
        silentSince: Timestamp(milliseconds: Timestamp.now.milliseconds - Self.talkPause))
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

  /// A private talk in which nobody has spoken for so long, in milliseconds, is let go.
  private static let talkPause: Int64 = 600_000

  private static let period: Duration = .seconds(1)
}
