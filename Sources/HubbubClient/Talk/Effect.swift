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

  /// Settings have changed that the terminal follows.
  case apply(Settings)

  /// A line for the log file of a room.
  case log(room: String, line: String)

  /// Say goodbye and end the program.
  case quit(String)

  /// Talk to another server as well.
  case connect(ServerAddress, password: String?)

  /// Leave the server and come back, or stay away until asked to.
  case reconnect
  case disconnect(String)

  /// Be done with the server.
  case closeServer

  /// Go to a room of another server.
  case goTo(number: Int)

  /// The server does not answer: give the connection up.
  case hangUp
}

/// A mention or a private message. The texts are safe to show.
struct Alert: Equatable, Sendable {
  var author: String
  var room: String
  var text: String
}
