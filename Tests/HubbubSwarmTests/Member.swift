import HubbubDial

/// One client of a scripted server.
struct Member: Sendable {
  let connection: LineConnection
  var nickname = ""
  var room = ""
  var hasEcho = false

  /// Whether it is between CAP LS and CAP END.
  var isNegotiating = false

  func send(_ line: String) {
    // A client that has gone needs no answer.
    try? connection.send(bytes: Array("\(line)\r\n".utf8))
  }
}
