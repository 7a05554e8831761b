import HubbubDial
import HubbubSockets
import HubbubThreads
import IRCWire

/// The connection to the server, made again whenever it is lost, on two threads of its own: one
/// reads, the other writes, so that the terminal never waits for the network.
final class Link: Sendable {
  /// Lines that wait to be sent; what comes on top is dropped, and said to be.
  static let outboxLimit = 2000

  private static let connectLimit = Duration.seconds(10)

  private struct State {
    var nickname: String
    var connection: LineConnection?
    var outbox: [Message] = []
    var isConnecting = false
    var isEnding = false
    var isOver = false

    /// Whether the server slows a fast talker down instead of throwing them out.
    var isPatient = false
  }

  private let endpoint: Endpoint

  /// nil for plain text. What it is at the first connection, it is at each that follows.
  private let tls: TLSContext?
  private let password: String?
  private let inbox: Inbox

  /// Guards the connection and what is to be sent.
  private let state: Monitor<State>
  private let reading: Monitor<NamedThread?> = Monitor(nil)
  private let writing: Monitor<NamedThread?> = Monitor(nil)

  init(
    endpoint: Endpoint, tls: TLSContext?, nickname: String, password: String?, inbox: Inbox
  ) {
    self.endpoint = endpoint
    self.tls = tls
    self.password = password
    self.inbox = inbox
    state = Monitor(State(nickname: nickname))
  }

  /// Starts both threads; whoever starts must call `end`.
  func start() throws {
    let writer = try NamedThread(name: "client-write") { self.write() }
    writing.withLock { $0 = writer }
    let reader = try NamedThread(name: "client-read") { self.read() }
    reading.withLock { $0 = reader }
  }

  /// Queues a line. Any thread; never waits.
  ///
  /// - Returns: false when too much waits already.
  func send(_ message: Message) -> Bool {
    let isQueued = state.withLock { state in
      guard state.outbox.count < Self.outboxLimit else { return false }
      state.outbox.append(message)
      return true
    }
    state.wakeAll()
    return isQueued
  }

  /// The name to ask for at the next attempt.
  func setNickname(_ nickname: String) { state.withLock { $0.nickname = nickname } }

  /// Gives the connection up; another attempt follows.
  func hangUp() { state.withLock { $0.connection }?.shutDown() }

  /// Says goodbye and ends both threads; takes about a second at the longest.
  ///
  /// The process must end soon: a reader in the middle of connecting to a host that does not answer
  /// is not waited for.
  func end(_ reason: String) {
    state.withLock { state in
      state.isEnding = true
      if state.connection != nil { state.outbox.append(Message("QUIT", reason)) }
    }
    state.wakeAll()
    // The server closes the connection when it has read QUIT.
    _ = state.wait(upTo: .seconds(1)) { $0.connection == nil || $0.isOver ? true : nil }
    let (connection, isConnecting) = state.withLock { state in
      state.isOver = true
      return (state.connection, state.isConnecting)
    }
    state.wakeAll()
    connection?.shutDown()
    inbox.close()
    writing.withLock { $0.take() }?.join()
    guard let reader = reading.withLock({ $0.take() }) else { return }
    if isConnecting {
      _ = Unmanaged.passRetained(reader)  // Its handle must outlive it; the process ends first.
    } else {
      reader.join()
    }
  }

  // MARK: The reader's thread

  private func read() {
    var backoff = Backoff()
    var wasUp = false
    while !state.withLock({ $0.isEnding || $0.isOver }) {
      let ended = connectAndRead { welcome in
        wasUp = true
        backoff.reset()
        inbox.put(.up(welcome))
      }
      state.withLock { state in
        state.connection = nil
        state.outbox.removeAll()
      }
      state.wakeAll()
      if let code = ended.code(wasUp: wasUp) {
        inbox.put(.gaveUp(code, reason: ended.reason))
        return
      }
      let pause = backoff.next(chance: .random(in: 0..<1))
      inbox.put(.down(reason: ended.reason, pause: pause, isDistrust: ended.isDistrust))
      _ = state.wait(upTo: pause) { $0.isEnding || $0.isOver ? true : nil }
    }
  }

  private func connectAndRead(whenUp: (Registration.Welcome) -> Void) -> LinkEnd {
    do {
      let connection = try connect()
      defer { connection.shutDown() }
      let isWanted = state.withLock { state in
        guard !state.isOver, !state.isEnding else { return false }
        state.connection = connection
        return true
      }
      guard isWanted else { return .ended("") }
      let welcome = try registration.perform(on: connection)
      state.withLock { $0.isPatient = welcome.isFromHubbub }
      whenUp(welcome)
      return try readMessages(connection)
    } catch {
      return LinkEnd(error, endpoint: endpoint.description)
    }
  }

  /// The one place that cannot be interrupted: `end` does not wait for it.
  private func connect() throws -> LineConnection {
    state.withLock { $0.isConnecting = true }
    defer { state.withLock { $0.isConnecting = false } }
    return try LineConnection.open(endpoint, tls: tls, limit: Self.connectLimit)
  }

  private func readMessages(_ connection: LineConnection) throws -> LinkEnd {
    var reason = "The server closed the connection."
    while let message = try connection.receive() {
      if message.command == "ERROR", let text = message.parameters.last {
        reason = "The server closed the connection (\(FormattedText.plain(text)))."
      }
      inbox.put(.message(message, at: .now))
    }
    return .ended(reason)
  }

  private var registration: Registration {
    Registration(
      nickname: state.withLock { $0.nickname }, password: password,
      capabilities: [
        "account-notify", "away-notify", "cap-notify", "echo-message", "message-tags",
        "multi-prefix", "server-time", "setname", "standard-replies",
      ],
      takesSimilarNickname: true)
  }

  // MARK: The writer's thread

  private func write() {
    var pace = Pace()
    while true {
      let next = state.wait { state -> (LineConnection, Message, Bool)?? in
        if let connection = state.connection, !state.outbox.isEmpty {
          return (connection, state.outbox.removeFirst(), state.isPatient || state.isEnding)
        }
        return state.isOver ? .some(nil) : nil
      }
      guard let (connection, message, isPatient) = next ?? nil else { return }
      if !isPatient {
        let pause = pace.pause(now: .now)
        // Ends early when all is over.
        if pause > .zero { _ = state.wait(upTo: pause) { $0.isOver ? true : nil } }
      }
      // A connection that fails here fails for the reader, too, who says so.
      try? connection.send(message)
    }
  }
}
