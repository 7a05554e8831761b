import IRCWire

/// What a `Chat` wants done.
enum Effect: Equatable {
  case send(Message)

  /// Print a line above the prompt.
  case show(StyledText)

  /// Ring: someone wants you.
  case alert(Alert)
  case clear
  case save(Settings)

  /// Say goodbye and end the program.
  case quit(String)

  /// The server does not answer: give the connection up.
  case hangUp
}

/// A mention or a private message. The texts are safe to show.
struct Alert: Equatable, Sendable {
  var author: String
  var room: String
  var text: String
}
