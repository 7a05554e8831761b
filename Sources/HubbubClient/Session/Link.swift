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
    var target: LinkTarget
    var nickname: String

    /// How often a person has chosen the way: what was begun before counts no more.
    var choice = 0

    /// Whether nobody is to try again.
    var isParked = false
    var connection: LineConnection?
    var outbox: [Message] = []
    var isConnecting = false
    var isEnding = false
    var isOver = false

    /// Whether the server slows a fast talker down instead of throwing them out.
    var isPatient = false
  }

  private let inbox: Inbox

  /// Guards the connection and what is to be sent.
  private let state: Monitor<State>
  private let reading: Monitor<NamedThread?> = Monitor(nil)
  private let writing: Monitor<NamedThread?> = Monitor(nil)

  init(target: LinkTarget, nickname: String, inbox: Inbox) {
    self.inbox = inbox
    state = Monitor(State(target: target, nickname: nickname))
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

  /// Says goodbye and connects anew, to another server where one is named. Any thread; never waits.
  func goAgain(to target: LinkTarget? = nil, nickname: String? = nil) {
    leave("Coming back") { state in
      state.isParked = false
      if let target { state.target = target }
      if let nickname { state.nickname = nickname }
    }
  }

  /// Says goodbye and stays away until `goAgain`. Any thread; never waits.
  func park(_ farewell: String) { leave(farewell) { $0.isParked = true } }

  private func leave(_ farewell: String, _ change: (inout State) -> Void) {
    state.withLock { state in
      state.choice += 1
      state.outbox.removeAll()
      if state.connection != nil { state.outbox.append(Message("QUIT", farewell)) }
      change(&state)
    }
    state.wakeAll()
  }

  /// Gives the connection up; another attempt follows.
  func hangUp() { state.withLock { $0.connection }?.shutDown() }

  /// Says goodbye, and no more than that: `end` must follow. Any thread; never waits.
  func sayGoodbye(_ reason: String) {
    state.withLock { state in
      guard !state.isEnding else { return }
      state.isEnding = true
      if state.connection != nil { state.outbox.append(Message("QUIT", reason)) }
    }
    state.wakeAll()
  }

  /// Says goodbye and ends both threads.
  ///
  /// The process must end soon: a reader in the middle of connecting to a host that does not answer
  /// is not waited for.
  ///
  /// - Parameter limit: how long the server may take to close the connection.
  func end(_ reason: String, upTo limit: Duration = .seconds(1)) {
    sayGoodbye(reason)
    // The server closes the connection when it has read QUIT.
    _ = state.wait(upTo: limit) { $0.connection == nil || $0.isOver ? true : nil }
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
    while let choice = waitUntilWanted() {
      let ended = connectAndRead { welcome in
        wasUp = true
        backoff.reset()
        inbox.put(.up(welcome))
      }
      let now = state.withLock { state in
        state.connection = nil
        state.outbox.removeAll()
        return (choice: state.choice, isParked: state.isParked)
      }
      state.wakeAll()
      if now.choice != choice {
        // Somebody wants to be elsewhere, or nowhere: this end is no news.
        backoff.reset()
        inbox.put(now.isParked ? .parked(reason: "You left the server.") : .restarted)
      } else if let code = ended.code(wasUp: wasUp) {
        guard wasUp else { return inbox.put(.gaveUp(code, reason: ended.reason)) }
        // Once it worked, a person is left in their rooms and may try elsewhere.
        park(choice, ended.reason)
      } else {
        rest(backoff.next(chance: .random(in: 0..<1)), choice, after: ended)
      }
    }
  }

  /// Waits while nobody is to try.
  ///
  /// - Returns: which choice is carried out; nil when all is over.
  private func waitUntilWanted() -> Int? {
    state.wait { state -> Int?? in
      if state.isEnding || state.isOver { return .some(nil) }
      if state.isParked { return nil }
      // At once, so that whoever ends it does not wait for a host that does not answer.
      state.isConnecting = true
      return .some(state.choice)
    } ?? nil
  }

  private func park(_ choice: Int, _ reason: String) {
    state.withLock { if $0.choice == choice { $0.isParked = true } }
    inbox.put(.parked(reason: reason))
  }

  private func rest(_ pause: Duration, _ choice: Int, after ended: LinkEnd) {
    inbox.put(.down(reason: ended.reason, pause: pause, isDistrust: ended.isDistrust))
    let isChanged = state.wait(upTo: pause) { state in
      state.isEnding || state.isOver || state.choice != choice ? state.isParked : nil
    }
    if let isParked = isChanged {
      inbox.put(isParked ? .parked(reason: "You left the server.") : .restarted)
    }
  }

  private func connectAndRead(whenUp: (Registration.Welcome) -> Void) -> LinkEnd {
    let (target, choice) = state.withLock { ($0.target, $0.choice) }
    do {
      let connection = try connect(target)
      defer { connection.shutDown() }
      let isWanted = state.withLock { state in
        guard !state.isOver, !state.isEnding, state.choice == choice else { return false }
        state.connection = connection
        return true
      }
      guard isWanted else { return .ended("") }
      let welcome = try registration(target).perform(on: connection)
      state.withLock { $0.isPatient = welcome.isFromHubbub }
      whenUp(welcome)
      return try readMessages(connection)
    } catch {
      return LinkEnd(error, endpoint: target.endpoint.description)
    }
  }

  /// The one place that cannot be interrupted: `end` does not wait for it.
  private func connect(_ target: LinkTarget) throws -> LineConnection {
    state.withLock { $0.isConnecting = true }
    defer { state.withLock { $0.isConnecting = false } }
    return try LineConnection.open(target.endpoint, tls: target.tls, limit: Self.connectLimit)
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

  private func registration(_ target: LinkTarget) -> Registration {
    Registration(
      nickname: state.withLock { $0.nickname }, password: target.password,
      capabilities: [
        "account-notify", "away-notify", "batch", "cap-notify", "draft/chathistory",
        "draft/multiline", "draft/read-marker", "echo-message", "labeled-response", "message-tags",
        "multi-prefix", "server-time", "setname", "soju.im/search", "standard-replies",
      ],
      takesSimilarNickname: true, account: target.account)
  }

  // MARK: The writer's thread

  private func write() {
    var pace = Pace()
    while let (connection, message, isPatient) = nextToWrite() {
      if !isPatient {
        let pause = pace.pause(now: .now)
        // Ends early when all is over.
        if pause > .zero { _ = state.wait(upTo: pause) { $0.isOver ? true : nil } }
      }
      // A connection that fails here fails for the reader, too, who says so.
      try? connection.send(message)
      // Whoever leaves does not wait for the server to close, unless the program ends: that waits.
      if message.command == "QUIT", !state.withLock({ $0.isEnding }) { connection.shutDown() }
    }
  }

  /// Waits for a line; nil when all is over.
  private func nextToWrite() -> (LineConnection, Message, isPatient: Bool)? {
    state.wait { state -> (LineConnection, Message, isPatient: Bool)?? in
      if let connection = state.connection, !state.outbox.isEmpty {
        let message = state.outbox.removeFirst()
        let isPatient = state.isPatient || state.isEnding || message.command == "QUIT"
        return (connection, message, isPatient)
      }
      return state.isOver ? .some(nil) : nil
    } ?? nil
  }
}
