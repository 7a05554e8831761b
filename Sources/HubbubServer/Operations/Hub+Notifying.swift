import HubbubRooms
import IRCWire

extension Hub {
  /// Tells everybody something, in a network at every node. Any thread, under no lock.
  ///
  /// - Returns: how many people are told.
  func notify(_ text: String) -> Int {
    let told = notifyHere(text)
    guard cluster != nil else { return told }
    let notice = Action(by: .server(of: registry), at: .now, .notify(text))
    // Where the others cannot be asked, those of this server were told.
    return (try? ordering.submit(notice)) == nil ? told : registry.memberCount
  }

  /// The same for those who are connected to this server.
  @discardableResult
  func notifyHere(_ text: String) -> Int {
    let clients = clients.all.filter { $0.member.profile.isRegistered }
    for client in clients {
      var line = LineBuffer()
      line.append(
        source: serverName, "NOTICE", [client.member.profile.nickname], trailing: text)
      client.memberSession.enqueue(lines: line.bytes)
      client.outbox.deliver()
    }
    return clients.count
  }
}
