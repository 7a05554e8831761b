import IRCWire

/// A line that somebody read, in the form that it has for every reader, whatever capabilities they have.
struct ReadLine: Equatable, Sendable {
  /// The nickname of whoever did it.
  let source: String

  let command: String

  /// The room, the person or the new nickname; "" for those of a person in all of its rooms.
  let target: String

  /// What is said, or the rest of what is changed.
  let text: String

  /// - Returns: nil for answers, and for what has no place in a room's order.
  init?(_ message: Message) {
    guard let name = message.source?.name else { return nil }
    let parameters = message.parameters
    switch message.command {
    case "PRIVMSG", "NOTICE", "TOPIC", "MODE", "PART", "KICK":
      text = parameters.dropFirst().joined(separator: " ")
    // `extended-join` adds an account and a name.
    case "JOIN": text = ""
    case "TAGMSG": text = message.tag("+x") ?? ""
    case "NICK": text = parameters.first ?? ""
    case "QUIT", "AWAY", "SETNAME": text = parameters.last ?? ""
    default: return nil
    }
    switch message.command {
    case "NICK", "QUIT", "AWAY", "SETNAME": target = ""
    default: target = parameters.first ?? ""
    }
    source = name
    command = message.command
  }

  /// Whether it belongs to this room alone.
  func isOnly(in room: String) -> Bool { target == room || target == "@\(room)" }

  /// Whether it stands in the order of rooms at all, and not between two people.
  var isPublic: Bool { target.isEmpty || target.contains("#") }

  /// What was done by it, as in p1n7: the seventh act of p1.
  var act: Substring? { word?.prefix { $0 != "." } }

  /// What it says, as in p1n7, or in p1n7.2 where one act says several things.
  var word: Substring? {
    guard command != "MODE", command != "JOIN" else { return nil }
    let words = text.split(separator: " ")
    return command == "KICK" ? words.last : words.first { $0.first == "p" && $0.contains("n") }
  }

  /// What it answers: the text of another line, which its author had read.
  var cause: Substring? {
    let words = text.split(separator: " ")
    return words.count == 3 && words[1] == "re" ? words[2] : nil
  }
}
