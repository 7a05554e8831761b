import IRCWire

/// A numeric reply, before it is written for whoever reads it.
struct NumericReply: Equatable {
  let numeric: Numeric

  /// The parameters behind the reader's nickname.
  let middle: [String]
  let trailing: String?

  init(_ numeric: Numeric, _ middle: [String], trailing: String? = nil) {
    self.numeric = numeric
    self.middle = middle
    self.trailing = trailing
  }

  /// Appends it as a server writes it to somebody.
  func append(to lines: inout LineBuffer, source server: String, for nickname: String) {
    lines.append(source: server, numeric.code, [nickname] + middle, trailing: trailing)
  }
}

extension Session {
  func reply(_ answer: NumericReply) {
    reply(answer.numeric, answer.middle, trailing: answer.trailing)
  }

  func reply(_ answers: [NumericReply]) { answers.forEach(reply) }
}
