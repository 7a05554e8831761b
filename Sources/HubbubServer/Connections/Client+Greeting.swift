import HubbubSockets
import HubbubWeb
import IRCWire

extension Client {
  /// Tells a person who has connected with a bare terminal and waits what to do. The clock's
  /// thread, often.
  ///
  /// A program that is slow to register takes it for what it is, a NOTICE.
  func greet(now: Int64) {
    guard hub.configuration.lobby != nil,
      Moment.passed(hub.limits.greeting, since: connectedAt, now: now),
      connectionKind.takeGreeting()
    else { return }
    let network = hub.configuration.networkName
    let text = "This is \(network), a chat server. No IRC client? Press Enter."
    outbox.enqueue(Array(":\(hub.serverName) NOTICE * :\(text)\r\n".utf8))
    outbox.deliver()
  }

  /// Nobody answers a PING who has nothing but a terminal: the system looks whether the connection
  /// stands.
  func note(isTerminal: Bool) {
    connectionKind.note(isTerminal: isTerminal)
    if isTerminal {
      connection.keepAlive(after: hub.limits.pingAfter, reply: hub.limits.pingReply)
    }
  }

  /// The line that says why a connection ends, as its client reads it.
  func lastWords(_ reason: String) -> [UInt8] {
    connectionKind.isTerminal ? Array("* \(reason)\r\n".utf8) : Self.farewell(address, reason)
  }

  /// What is behind that line for a browser: the frame that ends a WebSocket.
  func closing(_ code: CloseCode, _ reason: String) -> [UInt8] {
    frames == nil ? [] : WebFrames.close(code, reason)
  }
}
