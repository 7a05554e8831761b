extension Client {
  /// Tells somebody else's client something in the server's own words. Any thread, under no lock.
  func notice(_ text: String) { tell("NOTICE \(member.profile.nickname) :\(text)") }

  /// Tells it a line of the server's, in the form in which it reads.
  func tell(_ line: String) {
    memberSession.enqueue(lines: Array(":\(hub.serverName) \(line)\r\n".utf8))
    outbox.deliver()
  }
}
