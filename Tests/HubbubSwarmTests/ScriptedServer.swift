import HubbubDial
import HubbubSockets
import HubbubThreads
import IRCWire

/// A server of a few hundred lines of traffic that misbehaves exactly as it is told to.
///
/// Every message is delivered under one lock, so that without a fault there is one order for everybody.
final class ScriptedServer: Sendable {
  /// One for each node; all of them share the rooms.
  let endpoints: [Endpoint]
  private let listeners: [Listener]
  private let script: Monitor<Script>
  private let threads = Monitor([NamedThread]())
  private let acceptors = Monitor([NamedThread]())
  private let offersEcho: Bool
  private let memory: ScriptedHistory.Memory

  /// - Parameters:
  ///   - messages: how many will be sent in all; what is held back is let go then.
  ///   - nodes: at how many ports it listens.
  init(
    _ fault: Fault, messages: Int, offersEcho: Bool = false, memory: ScriptedHistory.Memory = .none,
    nodes: Int = 1
  ) throws {
    listeners = try (0..<nodes).map { _ in
      try Listener.open(Endpoint(host: "127.0.0.1", port: 0))[0]
    }
    endpoints = listeners.map(\.endpoint)
    script = Monitor(level: .room, Script(fault: fault, total: messages, memory: memory))
    self.offersEcho = offersEcho
    self.memory = memory
    for node in listeners.indices {
      let thread = try NamedThread(name: "scripted") { [self] in acceptAll(node) }
      acceptors.withLock { $0.append(thread) }
    }
  }

  var endpoint: Endpoint { endpoints[0] }

  /// Ends every connection and joins every thread.
  func stop() {
    for listener in listeners { listener.stop() }
    for thread in acceptors.withLock(\.self) { thread.join() }
    script.withLock { script in for member in script.members { member.connection.shutDown() } }
    for thread in threads.withLock(\.self) { thread.join() }
  }

  private func acceptAll(_ node: Int) {
    // An error ends the accepting, and the test with it, which then fails on its own account.
    while let socket = try? listeners[node].accept() {
      let connection = LineConnection(socket)
      let thread = try? NamedThread(name: "scripted-client") { [self] in serve(connection, node) }
      if let thread { threads.withLock { $0.append(thread) } }
    }
  }

  private func serve(_ connection: LineConnection, _ node: Int) {
    var me = Member(connection: connection, node: node)
    guard script.withLock({ $0.isOpen(node) }) else { return connection.shutDown() }
    // A connection that fails is at its end as well.
    while let message = try? connection.receive() {
      switch message.command {
      case "CAP": answerCapabilities(message, &me)
      case "NICK":
        me.nickname = message.parameters[0]
        guard script.withLock({ $0.admit() }) else {
          me.send("ERROR :\(script.withLock { $0.refusal })")
          return connection.socket.drainAfterEnd(limit: .seconds(30))
        }
        if !me.isNegotiating { welcome(me) }
      case "JOIN":
        me.room = message.parameters[0]
        script.withLock { [me] in $0.join(me) }
      case "PART": script.withLock { [me] in $0.part(me) }
      case "PRIVMSG":
        script.withLock { [me] in $0.relay(message.parameters[1], from: me) }
      case "OPER": me.send(Self.answer(toOperator: message, me))
      case "STATS": me.send(":scripted 219 \(me.nickname) f :End of STATS report")
      case "PING": script.withLock { [me] _ in me.send("PONG scripted \(message.parameters[0])") }
      case "CHATHISTORY":
        for line in script.withLock({ $0.history.answer(message) }) { me.send(line) }
      default: break
      }
    }
  }

  /// One operator has an account, `ann` with the password `right`, and one may not come from here.
  private static func answer(toOperator message: Message, _ me: Member) -> String {
    switch (message.parameters[0], message.parameters[1]) {
    case ("ann", "right"): ":scripted 381 \(me.nickname) :You are now an operator"
    case ("ann", _): ":scripted 464 \(me.nickname) :Password incorrect"
    default: ":scripted 491 \(me.nickname) :No O-lines for your host"
    }
  }

  private func welcome(_ me: Member) {
    me.send(":scripted 001 \(me.nickname) :Welcome")
    me.send(
      ":scripted 005 \(me.nickname) CHATHISTORY=\(ScriptedHistory.pageMessages) MSGREFTYPES=msgid "
        + ":are supported by this server")
    me.send(":scripted 422 \(me.nickname) :No MOTD")
  }

  private func answerCapabilities(_ message: Message, _ me: inout Member) {
    switch message.parameters[0] {
    case "LS":
      me.isNegotiating = true
      let echo = offersEcho ? " echo-message" : ""
      let history = memory == .none ? "" : " batch draft/chathistory"
      me.send("CAP * LS :server-time message-tags\(echo)\(history)")
    case "REQ":
      me.hasEcho = message.parameters[1].contains("echo-message")
      me.send("CAP * ACK :\(message.parameters[1])")
    default: welcome(me)
    }
  }
}
