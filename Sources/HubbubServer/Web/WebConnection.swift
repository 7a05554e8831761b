import Glibc
import HubbubRooms
import HubbubSockets
import HubbubThreads
import HubbubWeb
import IRCWire
import Logging

/// One connection to a web port: it answers requests one after the other, on a thread of its own,
/// until it ends or becomes a client's.
final class WebConnection: Sendable {
  let hub: Hub
  let stream: ByteStream

  /// The other end: the visitor, or a proxy.
  let peer: String
  let place: WebVisitors.Place

  /// Guards whether the socket is somebody else's. A leaf. The shutdown is made under it, which
  /// waits for nothing: afterwards the descriptor may be another connection's.
  private let isHandedOver = Monitor(false)

  init(_ stream: ByteStream, from peer: String, at place: WebVisitors.Place, hub: Hub) {
    self.stream = stream
    self.peer = peer
    self.place = place
    self.hub = hub
  }

  /// Ends it from this side, unless it has become a client's. Any thread.
  func end() {
    isHandedOver.withLock { isHandedOver in
      if !isHandedOver { stream.socket.shutDown() }
    }
  }

  // MARK: Its own thread

  /// The life of the connection.
  func serve() {
    var upgrade: WebUpgrade?
    if shakeHands() { upgrade = answerRequests() }
    guard let upgrade else {
      stream.session?.sayGoodbye()
      // The last answer is not to be lost to a reset.
      stream.socket.drainAfterEnd(limit: hub.limits.linger)
      handOver()
      return stream.socket.close()
    }
    upgrade.run(on: self)
  }

  /// It is a client's or a viewer's from here on, who is ended as such.
  func handOver() {
    isHandedOver.withLock { $0 = true }
    hub.visitors.dismiss(place)
  }

  /// - Returns: false where the visitor does not encrypt as it should.
  private func shakeHands() -> Bool {
    guard let session = stream.session else { return true }
    do {
      try session.handshake(limit: hub.limits.webHead)
      TLSSession.trimThread()
      return true
    } catch {
      if error == .plainText {
        stream.socket.sayAtOnce(
          Self.bytes(
            of: HTTPResponse(.badRequest, text: "This port is for TLS: begin with https://.")))
      }
      hub.logger.debug("no handshake", metadata: ["from": "\(peer)", "reason": "\(error)"])
      return false
    }
  }

  /// Answers until the end.
  ///
  /// - Returns: what becomes of the connection; nil where it is over.
  private func answerRequests() -> WebUpgrade? {
    var reader = RequestReader(stream)
    while !hub.isStopping.load(ordering: .relaxed) {
      switch reader.next(hub.limits) {
      case .end: return nil
      case .refused(let refusal):
        _ = send(HTTPResponse(refusal), method: "GET", from: nil, keepsAlive: false)
        return nil
      case .request(let request):
        let visit = WebVisit(request, by: self)
        switch visit.answer(&reader) {
        case .response(let response, let keepsAlive):
          guard send(response, method: request.method, from: visit, keepsAlive: keepsAlive),
            keepsAlive
          else { return nil }
        case .upgrade(let handshake, let kind):
          guard send(handshake.response, method: request.method, from: visit, keepsAlive: true)
          else { return nil }
          return WebUpgrade(kind: kind, beginning: reader.rest)
        }
      }
    }
    return nil
  }

  /// Says that the body may come (RFC 9110 section 10.1.1).
  func sendContinue() -> Bool {
    stream.send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), within: hub.limits.webAnswer)
  }

  private func send(
    _ response: HTTPResponse, method: String, from visit: WebVisit?, keepsAlive: Bool
  ) -> Bool {
    hub.web.count(response.status)
    let security = SecurityFields(
      names: hub.web.names, isSecure: visit?.insistsOnTLS ?? false)
    let bytes = response.encoded(
      method: method, date: Timestamp.now.milliseconds / 1000, keepsAlive: keepsAlive,
      security: security)
    return stream.send(bytes, within: hub.limits.webAnswer)
  }

  /// An answer to whoever is not let in, which is the last one.
  static func bytes(of response: HTTPResponse) -> [UInt8] {
    response.encoded(
      method: "GET", date: Timestamp.now.milliseconds / 1000, keepsAlive: false,
      security: SecurityFields(names: [], isSecure: false))
  }
}
