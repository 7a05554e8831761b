import HubbubWeb
import IRCWire

// `/api/v1`: what the keepers of the server look at and do with programs.

extension WebVisit {
  /// - Parameters:
  ///   - path: what stands behind `/api/v1/`.
  ///   - reader: where the body comes from.
  func api(_ path: [String], _ reader: inout RequestReader) -> HTTPResponse {
    do throws(HTTPRefusal) {
      let (route, parameters) = try route(to: path)
      let token = try token(for: route)
      let body = try self.body(for: route, &reader)
      let call = try APICall(
        connection.hub, token, route, parameters, request.target.query, body: body)
      return HTTPResponse(route.status, json: try route.run(call).bytes)
    } catch {
      return fault(error, at: path)
    }
  }

  private func route(to path: [String]) throws(HTTPRefusal) -> (APIRoute, [String]) {
    let method = request.method == "HEAD" ? "GET" : request.method
    var isKnown = false
    for route in APIRoute.table {
      guard let parameters = route.parameters(in: path) else { continue }
      if route.method == method { return (route, parameters) }
      isKnown = true
    }
    throw isKnown
      ? HTTPRefusal(.methodNotAllowed, "This is not done with this method.")
      : HTTPRefusal(.notFound, "The API has nothing at this address: see /api/v1/openapi.json.")
  }

  private func body(
    for route: APIRoute, _ reader: inout RequestReader
  ) throws(HTTPRefusal) -> [UInt8] {
    guard route.method != "GET", request.body != .none else { return [] }
    if request.expectsContinue, !connection.sendContinue() {
      throw HTTPRefusal(.requestTimeout, "The connection has ended.")
    }
    return try reader.body(of: request, connection.hub.limits)
  }

  private func token(for route: APIRoute) throws(HTTPRefusal) -> AccessToken {
    guard let scope = route.scope else {
      return AccessToken(name: "", hash: "", scopes: [])
    }
    guard let token = try self.token() else {
      throw HTTPRefusal(.unauthorized, "The API is for those who have a token (Bearer).")
    }
    guard token.mayUse(scope) else {
      throw HTTPRefusal(.forbidden, "The token is not good for that: it needs '\(scope)'.")
    }
    return token
  }

  private func fault(_ refusal: HTTPRefusal, at path: [String]) -> HTTPResponse {
    var response = HTTPResponse(
      refusal.status, json: APIValue.object([("error", .string(refusal.sentence))]).bytes)
    if refusal.status == .unauthorized { response.fields.append("WWW-Authenticate", "Bearer") }
    if refusal.status == .methodNotAllowed {
      let methods = APIRoute.table.filter { $0.parameters(in: path) != nil }.map(\.method)
      response.fields.append("Allow", methods.joined(separator: ", "))
    }
    return response
  }
}

extension AccessToken {
  /// Whether it is good for what needs a scope: 'admin' for all of the API, 'moderate' for looking
  /// as well.
  func mayUse(_ scope: Scope) -> Bool {
    if scopes.contains(scope) || scopes.contains(.admin) { return true }
    return scope == .read && scopes.contains(.moderate)
  }
}
