import HubbubWeb
import IRCWire

// What not everybody may read.

extension WebVisit {
  /// The token that came with the request, if it is one of ours; nil where none came.
  ///
  /// - Throws: 401 for one that is none, and for one that may not come from there.
  func token() throws(HTTPRefusal) -> AccessToken? {
    guard let field = request.fields["Authorization"] else { return nil }
    let words = field.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "bearer",
      let token = AccessToken.find(
        String(words[1]), from: origin.address, in: connection.hub.configuration.tokens)
    else { throw HTTPRefusal(.unauthorized, "This token is not known here.") }
    return token
  }

  /// Whether a program on this very machine asks, and nobody through it: a proxy that is not listed
  /// would make everybody look like one.
  var isFromThisMachine: Bool {
    let tracks = ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"]
    let host = Authority(request.host)
    let isLocalHost =
      host.map { $0.name == "localhost" || IPAddress($0.name)?.isLoopback == true } ?? false
    // A proxy that is known need not leave tracks.
    let isProxy = connection.hub.current.trusted.isWebProxy(connection.peer)
    return IPAddress(connection.peer)?.isLoopback == true && isLocalHost && !isProxy
      && tracks.allSatisfy { request.fields[$0] == nil }
  }

  /// The answer to `GET /metrics`.
  func metrics() -> HTTPResponse {
    do throws(HTTPRefusal) {
      let token = try self.token()
      guard isFromThisMachine || token?.scopes.contains(.metrics) == true else {
        throw HTTPRefusal(
          .unauthorized, "Metrics are for this machine, and for tokens with the scope 'metrics'.")
      }
    } catch {
      var response = HTTPResponse(error)
      response.fields.append("WWW-Authenticate", "Bearer")
      return response
    }
    let hub = connection.hub
    let metrics = ServerFigures(hub).metrics(
      answers: hub.web.answers, startedAt: Double(hub.startedAt.milliseconds) / 1000)
    return MetricsText.response(metrics)
  }
}
