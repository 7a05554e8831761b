import HubbubWeb
import IRCWire

/// One request, and who is behind it. A value of the connection's own thread.
struct WebVisit {
  let request: HTTPRequest
  let connection: WebConnection

  /// Who comes, by what a trusted proxy says of it, or else by the connection.
  let origin: ForwardedClient

  /// Whether the visitor's own connection is encrypted.
  let isSecure: Bool

  private var hub: Hub { connection.hub }

  init(_ request: HTTPRequest, by connection: WebConnection) {
    self.request = request
    self.connection = connection
    origin = ForwardedClient(
      peer: connection.peer, request.fields, trusted: connection.hub.current.trusted.webProxies)
    isSecure = connection.stream.session != nil || origin.isSecure
  }

  /// Whether browsers may be told to come with TLS alone. Not where they could then not come at
  /// all: with a certificate for which nobody vouches, they would let nobody overrule them.
  var insistsOnTLS: Bool {
    let isTrusted =
      connection.stream.session == nil || hub.certificate.context?.isSelfSigned == false
    let host = Authority(request.host)
    return isSecure && isTrusted && host?.isAddress == false && host?.name != "localhost"
  }

  enum Answer {
    case response(HTTPResponse, keepsAlive: Bool)
    case upgrade(WebSocketHandshake, WebUpgrade.Kind)
  }

  /// - Parameter reader: where a body comes from.
  func answer(_ reader: inout RequestReader) -> Answer {
    let isLimited = hub.current.classes.takesTurns(from: origin.address)
    guard
      !isLimited
        || hub.web.throttle.take(
          from: WebVisitors.subscriber(at: origin.address), hub.limits, now: Moment.now)
    else {
      var response = HTTPResponse(.tooManyRequests, text: "You ask too often; wait a second.")
      response.fields.append("Retry-After", "1")
      return .response(response, keepsAlive: false)
    }
    if let refusal = hub.web.rules.refusal(of: request) { return last(HTTPResponse(refusal)) }
    do throws(WebSocketHandshake.Refused) {
      if let upgrade = try upgrade() { return upgrade }
    } catch {
      return last(error.response)
    }
    if request.target.segments.count == 2, request.target.segments[0] == "hooks" {
      return .response(hook(request.target.segments[1], &reader), keepsAlive: false)
    }
    if request.target.segments.starts(with: ["api", "v1"]) {
      let path = Array(request.target.segments.dropFirst(2))
      return .response(api(path, &reader), keepsAlive: false)
    }
    // What has a body that nobody wants is not read on from.
    let keepsAlive = request.keepsAlive && request.body == .none
    return .response(page(), keepsAlive: keepsAlive)
  }

  private func last(_ response: HTTPResponse) -> Answer { .response(response, keepsAlive: false) }

  /// nil for what is no address of a WebSocket.
  private func upgrade() throws(WebSocketHandshake.Refused) -> Answer? {
    switch request.target.segments {
    case ["irc"]: break
    // Where other programs are told no more than the host.
    case [""] where request.wantsWebSocket: break
    case ["live"]: return try dashboard()
    default: return nil
    }
    let handshake = try WebSocketHandshake(
      request, speaking: [.text, .binary], door: hub.web.rules)
    let kind = WebUpgrade.Kind.client(
      handshake.subprotocol.frames, from: origin.address, isSecure: isSecure)
    return .upgrade(handshake, kind)
  }

  private func dashboard() throws(WebSocketHandshake.Refused) -> Answer {
    let handshake = try WebSocketHandshake(request, speaking: [.live], door: hub.web.rules)
    guard !hub.live.isFull else {
      return last(
        HTTPResponse(.serviceUnavailable, text: "Too many look at the dashboard."))
    }
    return .upgrade(handshake, .dashboard(self))
  }

  private func page() -> HTTPResponse {
    switch request.target.segments {
    case ["healthz"]: reading { Health.response(hub) }
    case ["metrics"]: reading { metrics() }
    case ["readyz"]: reading { Health.readiness(hub) }
    default:
      hub.web.assets.response(to: request)
        ?? HTTPResponse(.notFound, text: "There is nothing at this address.")
    }
  }

  /// What is read and never changed.
  private func reading(_ body: () -> HTTPResponse) -> HTTPResponse {
    guard request.method == "GET" || request.method == "HEAD" else {
      var response = HTTPResponse(.methodNotAllowed, text: "This is read with GET and HEAD.")
      response.fields.append("Allow", "GET, HEAD")
      return response
    }
    return body()
  }
}
