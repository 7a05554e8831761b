import HubbubDial
import IRCWire
import Testing

/// A client that does what a test says, and waits for lines up to a deadline.
struct ScriptedClient {
  let connection: LineConnection

  /// Long enough for a busy machine; no test passes by waiting it out.
  static let patience: Duration = .seconds(30)

  init(_ connection: LineConnection) { self.connection = connection }

  func send(_ lines: String...) throws {
    try connection.send(bytes: lines.flatMap { Array("\($0)\r\n".utf8) })
  }

  /// Reads on to the first message that `isWanted`.
  ///
  /// - Returns: all that came, the wanted message last.
  func read(to isWanted: (Message) -> Bool) throws -> [Message] {
    var messages: [Message] = []
    while let message = try connection.receive(within: Self.patience) {
      messages.append(message)
      if isWanted(message) { return messages }
    }
    throw Ended(messages: messages)
  }

  /// Reads on to a message with this command or numeric, and returns it.
  @discardableResult
  func expect(_ command: String) throws -> Message {
    try read { $0.command == command }.last!
  }

  /// All that came before the answer to a PING that is sent now.
  func messagesUntilNow() throws -> [Message] {
    let token = "now-\(UInt64.random(in: 0..<UInt64.max))"
    try send("PING \(token)")
    return try read { $0.command == "PONG" && $0.parameters.last == token }.dropLast()
  }

  /// Sends a line and returns what it was answered with.
  func ask(_ line: String) throws -> [Message] {
    try send(line)
    return try messagesUntilNow()
  }

  /// What CAP LS offers, in however many lines.
  func offered() throws -> [String] {
    try send("CAP LS 302")
    // "the asterisk … indicates that there are more lines".
    return try read { $0.command == "CAP" && $0.parameters[2] != "*" }
      .filter { $0.command == "CAP" }
      .flatMap { ($0.parameters.last ?? "").split(separator: " ").map(String.init) }
  }

  /// Joins a room and waits until it is in.
  func join(_ room: String) throws {
    try send("JOIN \(room)")
    try expect("366")
  }

  /// Reads to the end of the connection.
  func readToEnd() throws -> [Message] {
    do { return try read { _ in false } } catch let end as Ended { return end.messages }
  }

  func close() { connection.shutDown() }

  /// The server ended the connection.
  struct Ended: Error {
    let messages: [Message]
  }
}

extension [Message] {
  var commands: [String] { map(\.command) }

  /// The texts of the messages said in a room or to a person.
  var texts: [String] { filter { $0.command == "PRIVMSG" }.compactMap(\.parameters.last) }
}
