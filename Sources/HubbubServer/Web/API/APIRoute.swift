import HubbubWeb

/// One thing that the API does: the table of them is also the OpenAPI file.
struct APIRoute: Sendable {
  /// A member of a request's body, or a value of its query.
  struct Field: Sendable {
    enum Kind: String, Sendable {
      case string, integer, boolean
    }

    let name: String
    let kind: Kind
    var isRequired = false
    let text: String
  }

  let method: String

  /// What stands behind `/api/v1/`; a segment in braces takes anything.
  let path: String

  /// What a token must be good for; nil: nothing is needed.
  let scope: AccessToken.Scope?
  let summary: String
  var query: [Field] = []
  var body: [Field] = []
  var status = HTTPStatus.ok

  /// - Throws: why it was not done.
  let run: @Sendable (APICall) throws(HTTPRefusal) -> APIValue

  static let table: [APIRoute] = lookingRoutes + changingRoutes

  private var segments: [Substring] { path.split(separator: "/") }

  /// The values of the segments in braces; nil where the path is another one.
  func parameters(in path: [String]) -> [String]? {
    let own = segments
    guard own.count == path.count else { return nil }
    var found: [String] = []
    for (segment, value) in zip(own, path) {
      if segment.first == "{" {
        guard !value.isEmpty else { return nil }
        found.append(value)
      } else if segment != value {
        return nil
      }
    }
    return found
  }

  /// The names of the segments in braces.
  var parameterNames: [String] {
    segments.filter { $0.first == "{" }.map { String($0.dropFirst().dropLast()) }
  }
}
