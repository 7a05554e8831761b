import Glibc
import HubbubDial
import HubbubThreads
import IRCWire

/// The client as a filter: lines of the standard input are said in the first room, and what is
/// heard is printed as tab-separated lines. One thread, no terminal.
final class ScriptSession {
  private static let answerLimit = Duration.seconds(30)

  private let plan: ChatClient.Plan
  private let sends: Bool
  private let reads: Bool
  private var output = LineOutput()
  private var input = LineInput()
  private var chat: ScriptTalk
  private var connection: LineConnection?
  private var pace = Pace()
  private var isPatient = false

  init(_ plan: ChatClient.Plan) {
    self.plan = plan
    let isPlain = !plan.options.sends && !plan.options.reads && plan.options.count == nil
    sends = plan.options.sends || isPlain
    reads = plan.options.reads || plan.options.count != nil || isPlain
    chat = ScriptTalk(rooms: plan.rooms.map(\.name), nickname: plan.nickname)
  }

  /// Runs until the input was said, or the wanted lines were heard.
  func run() -> Int32 {
    do {
      let connection = try LineConnection.open(plan.endpoint, tls: plan.tls)
      self.connection = connection
      let welcome = try Registration(
        nickname: plan.nickname, password: plan.options.password,
        capabilities: ["message-tags", "server-time"], takesSimilarNickname: true,
        account: plan.account
      ).perform(on: connection)
      chat.nickname = welcome.nickname
      chat.supported = welcome.supported
      isPatient = welcome.isFromHubbub
      let code = try talk(connection)
      // The work is done, whether the server hears this or not.
      try? connection.send(Message("QUIT", "Done"))
      while (try? connection.receive(within: .seconds(2))) != nil {}
      return code.rawValue
    } catch is LineOutput.Closed {
      return ChatExit.done.rawValue
    } catch {
      let end = LinkEnd(error, endpoint: plan.endpoint.description)
      ChatClient.complain(end.reason)
      return (end.code(wasUp: false) ?? .lost).rawValue
    }
  }

  private func talk(_ connection: LineConnection) throws -> ChatExit {
    for room in plan.rooms {
      try connection.send(Message("JOIN", room.key.map { [room.name, $0] } ?? [room.name]))
    }
    while !chat.hasEntered {
      guard try hear(connection, limit: Self.answerLimit) else { return lost() }
      if let refusal = chat.refusal { return refused(refusal) }
    }
    while true {
      // First what came with an earlier read: for that the connection is never ready again.
      guard try drain(connection) else { return lost() }
      if let refusal = chat.refusal { return refused(refusal) }
      if isDone { return try confirm(connection) }
      if try waitForInput(connection), let lines = input.read() { try say(lines, connection) }
    }
  }

  private var isDone: Bool {
    if let count = plan.options.count, output.count >= count { return true }
    // With --read it goes on until it is stopped or has heard enough.
    let isListening = plan.options.reads || plan.options.count != nil
    return sends && input.isAtEnd && !isListening
  }

  /// Has the server confirm that it read all that was said.
  private func confirm(_ connection: LineConnection) throws -> ChatExit {
    guard sends else { return .done }
    try connection.send(Message("PING", "said"))
    while !chat.isConfirmed {
      guard try hear(connection, limit: Self.answerLimit) else { return lost() }
    }
    return chat.refusal.map(refused) ?? .done
  }

  private func say(_ lines: [String], _ connection: LineConnection) throws {
    for line in lines where !line.allSatisfy(\.isWhitespace) {
      for message in chat.say(line) {
        if !isPatient { try rest(pace.pause(now: .now), connection) }
        try connection.send(message)
      }
    }
  }

  /// Listens for a while before it talks on.
  private func rest(_ pause: Duration, _ connection: LineConnection) throws {
    let end = ContinuousClock.now + pause
    while pause > .zero, case let left = end - .now, left > .zero {
      do {
        guard try hear(connection, limit: left) else { return }
      } catch let error as SystemError where error.errno == ETIMEDOUT {
        return
      }
    }
  }

  /// Takes in one message; false at the end of the connection.
  private func hear(_ connection: LineConnection, limit: Duration) throws -> Bool {
    guard let message = try connection.receive(within: limit) else { return false }
    if let answer = chat.answer(to: message) { try connection.send(answer) }
    guard reads, let line = chat.line(for: message, now: .now) else { return true }
    if let count = plan.options.count, output.count >= count { return true }
    try output.print(line)
    return true
  }

  /// Takes in all that has arrived; false at the end of the connection.
  private func drain(_ connection: LineConnection) throws -> Bool {
    do {
      while try hear(connection, limit: .zero) {}
      return false
    } catch let error as SystemError where error.errno == ETIMEDOUT {
      return true
    }
  }

  /// Waits until there is something to say or to hear; whether there is something to say.
  private func waitForInput(_ connection: LineConnection) throws -> Bool {
    let isInputWanted = sends && !input.isAtEnd
    var waiting = [
      pollfd(fd: connection.socket.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: isInputWanted ? 0 : -1, events: Int16(POLLIN), revents: 0),
      // Whoever read our output may be gone while nothing is said.
      pollfd(fd: reads ? 1 : -1, events: 0, revents: 0),
    ]
    poll(&waiting, nfds_t(waiting.count), -1)
    if waiting[2].revents & Int16(POLLERR) != 0 { throw LineOutput.Closed() }
    return waiting[1].revents != 0
  }

  private func lost() -> ChatExit {
    ChatClient.complain("The connection ended before all was done.")
    return .lost
  }

  private func refused(_ reason: String) -> ChatExit {
    ChatClient.complain(reason)
    return .roomRefused
  }
}
