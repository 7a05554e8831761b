import IRCWire

/// What tests want to know of a line.
extension String {
  func tagValue(_ key: String) -> String? { (try? Message(parsing: self))?.tag(key) }

  /// The message id, taken apart.
  var messageID: (epoch: String, sequence: Int)? {
    guard let id = tagValue("msgid"), let dash = id.lastIndex(of: "-"),
      let sequence = Int(id[id.index(after: dash)...])
    else { return nil }
    return (String(id[..<dash]), sequence)
  }

  /// What a PRIVMSG says.
  var text: String? {
    guard let message = try? Message(parsing: self), message.command == "PRIVMSG" else {
      return nil
    }
    return message.parameters.last
  }

  /// Without its tags.
  var body: String { first == "@" ? String(drop { $0 != " " }.dropFirst()) : self }
}
