import Foundation
import Glibc
import HubbubDial
import HubbubSockets
import HubbubThreads
import IRCWire

/// Looks at a Hubbub server from inside, again and again: `hubbub watch`.
public struct Watch {
  /// What to look at and how to show it.
  public struct Options: Sendable {
    public var endpoint: Endpoint

    /// nil for plain text.
    public var tls: TLSContext?
    public var rooms: [String]
    public var interval: Duration
    public var isOnce: Bool
    public var isJSON: Bool
    public var password: String?

    /// The account with which to see all rooms; nil: what everybody may see.
    public var account: Operator?

    /// How the members of a room are sorted at first.
    public var sort: WatchSort

    public init(
      endpoint: Endpoint, tls: TLSContext? = nil, rooms: [String] = [],
      interval: Duration = .seconds(1), isOnce: Bool = false, isJSON: Bool = false,
      password: String? = nil, account: Operator? = nil, sort: WatchSort = WatchSort()
    ) {
      self.endpoint = endpoint
      self.tls = tls
      self.rooms = rooms
      self.interval = interval
      self.isOnce = isOnce
      self.isJSON = isJSON
      self.password = password
      self.account = account
      self.sort = sort
    }
  }

  /// Why there is nothing to see.
  public struct Refused: Error, CustomStringConvertible {
    public let description: String

    public init(description: String) {
      self.description = description
    }
  }

  private let options: Options
  private let connection: LineConnection

  /// Connects and registers, and becomes an operator where an account is given.
  ///
  /// - Throws: `NetworkError`, `SystemError`, `Registration.Failure`, `Refused`.
  public init(_ options: Options) throws {
    self.options = options
    connection = try LineConnection.open(options.endpoint, tls: options.tls)
    let registration = Registration(
      nickname: "watch", password: options.password, takesSimilarNickname: true)
    _ = try registration.perform(on: connection)
    if let account = options.account { try Self.become(account, on: connection) }
  }

  /// Asks once.
  ///
  /// - Throws: `Refused` where the server does not show what was asked for; `SystemError`.
  public func look() throws -> InsideReport {
    try connection.send(Message("STATS", ["c"]))
    var messages = try answer()
    for query in options.rooms.isEmpty ? [[]] : options.rooms.map({ [$0] }) {
      try connection.send(Message("STATS", ["f"] + query))
      messages += try answer()
    }
    return InsideReport(messages)
  }

  /// Shows what there is to see until the connection ends, or `q` is pressed; with `isOnce`, once.
  /// On a terminal it is redrawn in place, and keys sort it.
  public func run() throws {
    let isLive = isatty(STDOUT_FILENO) == 1 && !options.isJSON && !options.isOnce
    var canvas = isLive ? Canvas() : nil
    let keys = isLive ? Keys() : nil
    defer { keys?.restore() }
    var sort = options.sort
    var before: (report: InsideReport, at: ContinuousClock.Instant)?
    while true {
      let report = try look()
      let now = ContinuousClock.now
      // A view that is looked at goes on: rooms come and go.
      if options.isOnce, !options.isJSON, report.rooms.isEmpty, report.network == nil {
        throw Refused(description: WatchPage.nothing.joined(separator: "\n"))
      }
      let last = before.map { (report: $0.report, seconds: $0.at.duration(to: now) / .seconds(1)) }
      func draw() throws { try show(report, last, sort, hasKeys: keys != nil, on: &canvas) }
      try draw()
      if options.isOnce { return }
      before = (report, now)
      let next = now + options.interval
      while let key = try pause(until: next, keys) {
        if key == "q" { return }
        if sort.press(key) { try draw() }
      }
    }
  }

  /// Reads up to the end of an answer.
  private func answer() throws -> [Message] {
    var messages: [Message] = []
    while let message = try connection.receive(within: .seconds(30)) {
      switch message.command {
      case Numeric.endOfStats.code: return messages
      case Numeric.noSuchChannel.code, Numeric.operatorNeeded.code, Numeric.unknownCommand.code:
        throw Refused(description: message.parameters.dropFirst().joined(separator: ": "))
      case "PING": try connection.send(Message("PONG", message.parameters))
      default: messages.append(message)
      }
    }
    throw Refused(description: "The server ended the connection.")
  }

  /// Waits for the next look, and answers what the server asks meanwhile.
  ///
  /// - Returns: a key, as soon as one is pressed; nil when it is time.
  private func pause(until deadline: ContinuousClock.Instant, _ keys: Keys?) throws -> Character? {
    while true {
      try answerPings()
      if let key = keys?.read() { return key }
      let rest = (deadline - .now) / .milliseconds(1)
      guard rest > 0 else { return nil }
      var descriptors = [
        pollfd(fd: connection.socket.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: keys == nil ? -1 : STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      ]
      // An interrupted wait goes round once more.
      _ = poll(&descriptors, 2, Int32(rest.rounded(.up)))
    }
  }

  /// Hears what the server says unasked, until it says nothing.
  private func answerPings() throws {
    do {
      while let message = try connection.receive(within: .zero) {
        if message.command == "PING" { try connection.send(Message("PONG", message.parameters)) }
      }
      throw Refused(description: "The server ended the connection.")
    } catch let error as SystemError where error.errno == ETIMEDOUT {
      return
    }
  }

  /// - Parameter canvas: what is redrawn in place; nil where lines are simply printed.
  private func show(
    _ report: InsideReport, _ before: (report: InsideReport, seconds: Double)?,
    _ sort: WatchSort, hasKeys: Bool, on canvas: inout Canvas?
  ) throws {
    if options.isJSON {
      print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
    } else {
      // A pipe has no width: what reads it may be a terminal of 80 columns as well.
      let isTerminal = isatty(STDOUT_FILENO) == 1
      let size = (isTerminal ? Canvas.size.columns : 100, canvas == nil ? 1_000 : Canvas.size.rows)
      let page = WatchPage(
        report, before: before, heading: "\(options.endpoint)", columns: size.0,
        rows: size.1 - 1, sort: sort, hasKeys: hasKeys)
      if canvas != nil {
        canvas!.draw(page.lines)
      } else {
        print(page.lines.joined(separator: "\n"))
      }
    }
    fflush(nil)
  }
}
