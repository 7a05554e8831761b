import HubbubStore

/// Tells the server's operators that the history is not being stored: when it begins, once a minute
/// while it lasts, and when it is over. The clock's thread alone.
struct HistoryWarning {
  private var toldAt: Int64?
  private static let interval: Duration = .seconds(60)

  mutating func check(_ hub: Hub, now: Int64) {
    guard let history = hub.history else { return }
    let passedOver = history.takePassedOver()
    if passedOver > 0 {
      hub.logger.warning(
        "rooms are not remembered", metadata: ["count": "\(passedOver)", "reason": "history.rooms"])
    }
    switch history.store.writer.health {
    case .good:
      if toldAt != nil { Self.tell(hub, "History is being stored again.") }
      toldAt = nil
    case .slow: warn(hub, "the disk takes its time", now)
    case .failing(let error): warn(hub, "\(error)", now)
    }
  }

  private mutating func warn(_ hub: Hub, _ reason: String, _ now: Int64) {
    if let toldAt, !Moment.passed(Self.interval, since: toldAt, now: now) { return }
    toldAt = now
    Self.tell(hub, "History cannot be stored; chat goes on: \(reason)")
  }

  private static func tell(_ hub: Hub, _ text: String) {
    for client in hub.clients.all {
      let profile = client.member.profile
      guard profile.isOperator, client.memberSession.isOperating else { continue }
      client.outbox.enqueue(
        Array(":\(hub.serverName) NOTICE \(profile.nickname) :\(text)\r\n".utf8))
      client.outbox.deliver()
    }
  }
}
