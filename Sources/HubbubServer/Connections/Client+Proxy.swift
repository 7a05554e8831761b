import HubbubSockets
import IRCWire
import Logging

/// Clients that come through somebody else.
extension Client {
  /// Reads what the proxy says of its client, and counts it where that comes from.
  ///
  /// - Returns: why the connection ends already; nil when it may begin.
  func learnOrigin() -> Failure? {
    let origin: ProxyHeader.Origin
    do {
      origin = try connection.receiveProxyHeader(within: hub.limits.proxyHeader)
    } catch {
      if let ending = outbox.ending { return (ending.reason, false) }
      hub.logger.warning(
        "proxy refused",
        metadata: ["client": "\(id)", "from": "\(address)", "reason": "\(error)"])
      return tell("\(error)")
    }
    connectionKind.didBegin()
    do throws(ClientTable.Refusal) {
      switch origin {
      // Its own limits count then: a proxy that looks whether the server is there is no client.
      case .proxy: try place()
      case .client(let address, let isSecure):
        let proxy = self.address
        try take(address: IPAddress.asHost(address))
        if isSecure { member.updateProfile { $0.isSecure = true } }
        hub.logger.info(
          "by proxy",
          metadata: ["client": "\(id)", "from": "\(self.address)", "proxy": "\(proxy)"])
      }
      return nil
    } catch {
      hub.logger.warning(
        "refused", metadata: ["from": "\(address)", "reason": "\(error.rawValue)"])
      return tell(error.rawValue)
    }
  }

  /// Says why the connection ends, where that can be read: who has not shaken hands could not.
  private func tell(_ reason: String) -> Failure {
    guard !connection.isSecure else { return (reason, false) }
    connection.tellInPlainText(Self.farewell(address, reason))
    return (reason, true)
  }

  /// The client comes from this address, says somebody who is believed. Before anybody knows the
  /// client; its own thread, once.
  func take(address: String) throws(ClientTable.Refusal) {
    member.updateProfile { $0.comes(from: address, shownAs: hub.shownHost(of: address)) }
    try place()
  }

  /// Counts the connection where its client comes from, if it is not counted yet.
  func place() throws(ClientTable.Refusal) {
    try hub.clients.place(
      id, at: address, hub.limits, hub.current.classes, now: Moment.now)
  }
}
