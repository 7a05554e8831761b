import HubbubDial
import HubbubThreads
import IRCWire

/// Asks a server what was said in a room, page after page, the latest first (IRCv3 chathistory).
struct Historian {
  /// The names under which servers offer it.
  static let names = ["draft/chathistory", "chathistory"]

  /// What a bot asks for, to get it where it is there.
  static let capabilities = names + ["batch"]

  /// The most messages that are asked for: of a longer run its end is compared.
  static let greatestMessages = 10_000

  /// The most messages of a page where the server sets no limit.
  static let pageMessages = 100

  /// How long a server may take for its next line.
  static let limit = Duration.seconds(10)

  /// The server has history and did not give it, in words for people.
  struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  private let connection: LineConnection
  private let room: String
  private let page: Int

  /// Whether a server that names messages by id may be asked by id.
  private let takesIDs: Bool

  /// - Returns: nil where the server has no history, or was not asked for it.
  init?(_ enrolled: Enrolment.Enrolled, room: String) {
    guard enrolled.capabilities.contains("batch"),
      !enrolled.capabilities.isDisjoint(with: Self.names)
    else { return nil }
    connection = enrolled.connection
    self.room = room
    // ISUPPORT CHATHISTORY: "the maximum number of messages a client can request in a single
    // command"; 0 stands for none.
    let most = enrolled.supported["CHATHISTORY"].flatMap { Int($0) } ?? 0
    page = most > 0 ? min(most, Self.greatestMessages) : Self.pageMessages
    let references = enrolled.supported["MSGREFTYPES"]?.split(separator: ",") ?? ["msgid"]
    takesIDs = references.contains("msgid")
  }

  /// What the server remembers, the oldest first, as far back as it goes or as anybody wants to
  /// know.
  ///
  /// - Parameters:
  ///   - wanted: how many messages of the run there are to remember.
  ///   - read: which message of the run a text is; nil for those that are none.
  /// - Throws: `Refused`, or `SystemError` where the connection failed.
  func recall(_ wanted: Int, read: (String) -> UInt32?) throws -> [UInt32] {
    var ids: [UInt32] = []
    var reference: String?
    while ids.count < min(wanted, Self.greatestMessages) {
      let messages = try ask(before: reference)
      let next = messages.first.flatMap(self.reference)
      ids.insert(contentsOf: messages.compactMap { $0.parameters.last.flatMap(read) }, at: 0)
      // Nothing older, or a server that names nothing to go on from.
      guard let next, next != reference else { break }
      reference = next
    }
    return ids
  }

  /// What the server remembers since a message, the oldest first: page after page, until one is
  /// empty, or names nothing to go on from.
  ///
  /// - Parameters:
  ///   - reference: the message; nil for the beginning.
  ///   - aside: is handed what comes live meanwhile.
  /// - Throws: as `recall`.
  func recall(
    after reference: String?, read: (String) -> UInt32?, aside: (Message) -> Void
  ) throws -> [UInt32] {
    guard var reference else { return try recall(Self.greatestMessages, read: read) }
    var ids: [UInt32] = []
    while ids.count < Self.greatestMessages {
      let messages = try ask("AFTER", reference, aside)
      ids += messages.compactMap { $0.parameters.last.flatMap(read) }
      guard let next = messages.last.flatMap(self.reference), next != reference else { break }
      reference = next
    }
    return ids
  }

  /// What the server remembers since the last message that is known, the oldest first: page after
  /// page, the latest first, until one has such a message.
  ///
  /// - Parameter aside: is handed what comes live meanwhile.
  /// - Throws: as `recall`.
  func recall(
    backTo isKnown: (UInt32) -> Bool, read: (String) -> UInt32?, aside: (Message) -> Void
  ) throws -> [UInt32] {
    var ids: [UInt32] = []
    var reference: String?
    // Small pages: whoever was away for a moment need not read what it knows.
    let most = min(page, Self.pageMessages)
    while ids.count < Self.greatestMessages {
      let messages =
        try reference.map { try ask("BEFORE", $0, most: most, aside) }
        ?? ask("LATEST", "*", most: most, aside)
      let page = messages.compactMap { $0.parameters.last.flatMap(read) }
      guard let last = page.lastIndex(where: isKnown) else {
        ids.insert(contentsOf: page, at: 0)
        let next = messages.first.flatMap(self.reference)
        guard let next, next != reference else { break }
        reference = next
        continue
      }
      return page[(last + 1)...] + ids
    }
    return ids
  }

  /// By what the server can be asked for what came before or after a message.
  func reference(_ message: Message) -> String? {
    if takesIDs, let id = message.tag("msgid") { return "msgid=\(id)" }
    return message.tag("time").map { "timestamp=\($0)" }
  }

  private func ask(before reference: String?) throws -> [Message] {
    try reference.map { try ask("BEFORE", $0) } ?? ask("LATEST", "*")
  }

  private func ask(
    _ subcommand: String, _ reference: String, most: Int? = nil,
    _ aside: (Message) -> Void = { _ in }
  ) throws -> [Message] {
    try connection.send(
      Message("CHATHISTORY", [subcommand, room, reference, "\(most ?? page)"]))
    var batch: String?
    var messages: [Message] = []
    while let message = try connection.receive(within: Self.limit) {
      switch message.command {
      case "PING": try connection.send(Message("PONG", message.parameters))
      case "BATCH" where message.parameters.dropFirst().first == "chathistory":
        batch = message.parameters.first.map { String($0.dropFirst()) }
      case "BATCH" where batch != nil && message.parameters.first == "-\(batch!)": return messages
      case "PRIVMSG" where batch != nil && message.tag("batch") == batch: messages.append(message)
      case "PRIVMSG": aside(message)
      case "FAIL" where message.parameters.first == "CHATHISTORY", "421", "ERROR":
        throw Refused(description: message.parameters.dropFirst().joined(separator: " "))
      default: break
      }
    }
    throw Refused(description: "The server ended the connection.")
  }
}
