import HubbubRooms
import HubbubWeb
import IRCWire
import Logging

// `POST /hooks/<token>`: something is said in a room.

extension WebVisit {
  /// - Parameter reader: where the body comes from.
  func hook(_ text: String, _ reader: inout RequestReader) -> HTTPResponse {
    let hub = connection.hub
    guard request.method == "POST" else {
      var response = HTTPResponse(.methodNotAllowed, text: "A hook is called with POST.")
      response.fields.append("Allow", "POST")
      return response
    }
    do throws(HTTPRefusal) {
      let token = AccessToken.find(text, from: origin.address, in: hub.configuration.tokens)
      guard let token, let room = token.scopes.compactMap(\.room).first else {
        throw HTTPRefusal(.notFound, "There is nothing at this address.")
      }
      if request.expectsContinue, !connection.sendContinue() {
        throw HTTPRefusal(.requestTimeout, "The connection has ended.")
      }
      let body = try reader.body(of: request, hub.limits)
      let lines = try HookText.lines(
        body, type: request.fields["Content-Type"], event: request.fields["X-GitHub-Event"])
      try say(lines, as: token, in: room)
      return HTTPResponse(.noContent)
    } catch {
      return HTTPResponse(error)
    }
  }

  private func say(
    _ lines: [String], as token: AccessToken, in room: String
  ) throws(HTTPRefusal) {
    let hub = connection.hub
    var details: Logger.Metadata = [
      "token": "\(token.name)", "channel": "\(room)", "lines": "\(lines.count)",
    ]
    guard let reason = hub.hooks.say(lines, as: token, in: room, hub) else {
      return hub.logger.info("hook", metadata: details)
    }
    details["reason"] = "\(reason)"
    hub.logger.warning("hook refused", metadata: details)
    throw HTTPRefusal(.conflict, "This cannot be said in the room: \(reason).")
  }
}

extension AccessToken.Scope {
  /// The room that it may speak in.
  var room: String? { if case .say(let room) = self { room } else { nil } }
}
