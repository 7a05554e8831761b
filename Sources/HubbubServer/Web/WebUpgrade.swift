import HubbubRooms
import HubbubSockets
import HubbubWeb
import IRCWire
import Logging

/// What a web connection becomes when it is a WebSocket. On the connection's own thread.
struct WebUpgrade {
  /// For a client no more than it needs: it lasts as long as the client does.
  enum Kind {
    case client(WebFrames.Kind, from: String, isSecure: Bool)
    case dashboard(WebVisit)
  }

  let kind: Kind

  /// What came behind the request.
  let beginning: [UInt8]

  /// The life of the connection from here to its end.
  func run(on connection: WebConnection) {
    switch kind {
    case .client(let frames, let address, let isSecure):
      connection.handOver()
      serve(connection, frames, from: IPAddress.asHost(address), isSecure)
    case .dashboard(let visit): LiveViewer.serve(visit, beginning: beginning)
    }
  }

  private func serve(
    _ connection: WebConnection, _ frames: WebFrames.Kind, from address: String, _ isSecure: Bool
  ) {
    let hub = connection.hub
    let stream = connection.stream
    let id: MemberID
    do throws(ClientTable.Refusal) {
      id = try hub.clients.admit(
        from: address, hub.limits, hub.current.classes, now: Moment.now)
    } catch {
      hub.endings.count(refusal: error.word)
      hub.logger.warning(
        "refused", metadata: ["from": "\(address)", "reason": "\(error.rawValue)"])
      return refuse(error, stream, address, frames, hub.limits)
    }
    let client = Client(
      Connection(stream, id: id, writableWatcher: hub.writableWatcher), in: frames,
      beginning: beginning, id: id, address: address, hub: hub)
    client.member.updateProfile { profile in
      profile.isSecure = isSecure
      profile.isOverWeb = true
    }
    hub.clients.insert(client)
    client.serve()
  }

  /// Says why nobody is let in who has shaken hands already: before, a browser would learn nothing.
  private func refuse(
    _ refusal: ClientTable.Refusal, _ stream: ByteStream, _ address: String,
    _ frames: WebFrames.Kind, _ limits: Limits
  ) {
    let lines = Client.farewell(address, refusal.rawValue)
    let bytes =
      WebFrames.frames(lines: lines, as: frames)
      + WebFrames.close(refusal.closeCode, refusal.rawValue)
    _ = stream.send(bytes, within: limits.webAnswer)
    stream.session?.sayGoodbye()
    stream.socket.drainAfterEnd(limit: limits.linger)
    stream.socket.close()
  }
}
