extension Client {
  /// Tells somebody else's client something in the server's own words. Any thread, under no lock.
  func notice(_ text: String) {
    let line = ":\(hub.serverName) NOTICE \(member.profile.nickname) :\(text)\r\n"
    outbox.enqueue(Array(line.utf8))
    outbox.deliver()
  }
}
