import HubbubDial

/// One client of a scripted server.
struct Member: Sendable {
  let connection: LineConnection
  var nickname = ""

  /// The listener that it came to.
  var node = 0
  var room = ""
  var hasEcho = false

  /// Whether it was told that it has left; and after how many more messages it is told that it is in.
  var hasLeft = false
  var untilWelcome = 0

  /// Whether it is between CAP LS and CAP END.
  var isNegotiating = false

  func isSame(as other: Member) -> Bool { connection === other.connection }

  func send(_ line: String) {
    // A client that has gone needs no answer.
    try? connection.send(bytes: Array("\(line)\r\n".utf8))
  }
}
