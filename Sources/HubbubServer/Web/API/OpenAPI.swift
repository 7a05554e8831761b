/// The API as other programs read it (OpenAPI 3.1), made of the table of its routes.
enum OpenAPI {
  static let document: APIValue = .object([
    ("openapi", .string("3.1.0")),
    (
      "info",
      .object([
        ("title", .string("Hubbub")), ("version", .string("1")),
        ("description", .string("What the keepers of a Hubbub server can look at and do.")),
      ])
    ),
    ("servers", .list([.object([("url", .string("/api/v1"))])])),
    ("paths", .object(paths)),
    (
      "components",
      .object([
        (
          "securitySchemes",
          .object([
            (
              "token",
              .object([
                ("type", .string("http")), ("scheme", .string("bearer")),
                ("description", .string("A token of 'hubbub make-token'.")),
              ])
            )
          ])
        )
      ])
    ),
  ])

  private static var paths: [(String, APIValue)] {
    Dictionary(grouping: APIRoute.table, by: \.path).sorted { $0.key < $1.key }
      .map { path, routes in
        ("/\(path)", .object(routes.map { ($0.method.lowercased(), operation($0)) }))
      }
  }

  private static func operation(_ route: APIRoute) -> APIValue {
    var members: [(String, APIValue)] = [("summary", .string(route.summary))]
    if let scope = route.scope {
      members.append(("description", .string("For tokens with the scope '\(scope)'.")))
      members.append(("security", .list([.object([("token", .list([]))])])))
    }
    let parameters =
      route.parameterNames.map {
        parameter($0, "path", .init(name: $0, kind: .string, isRequired: true, text: ""))
      } + route.query.map { parameter($0.name, "query", $0) }
    if !parameters.isEmpty { members.append(("parameters", .list(parameters))) }
    if !route.body.isEmpty { members.append(("requestBody", body(route.body))) }
    members.append(("responses", responses(route)))
    return .object(members)
  }

  private static func parameter(
    _ name: String, _ place: String, _ field: APIRoute.Field
  ) -> APIValue {
    var members: [(String, APIValue)] = [
      ("name", .string(name)), ("in", .string(place)), ("required", .bool(field.isRequired)),
      ("schema", .object([("type", .string(field.kind.rawValue))])),
    ]
    if !field.text.isEmpty { members.append(("description", .string(field.text))) }
    return .object(members)
  }

  private static func body(_ fields: [APIRoute.Field]) -> APIValue {
    let required = fields.filter(\.isRequired).map(\.name)
    let properties = fields.map { field in
      (
        field.name,
        APIValue.object([
          ("type", .string(field.kind.rawValue)), ("description", .string(field.text)),
        ])
      )
    }
    let schema = APIValue.object([
      ("type", .string("object")), ("additionalProperties", .bool(false)),
      ("required", .strings(required)), ("properties", .object(properties)),
    ])
    return .object([
      ("required", .bool(!required.isEmpty)), ("content", json(schema)),
    ])
  }

  private static func responses(_ route: APIRoute) -> APIValue {
    let fault = APIValue.object([
      ("type", .string("object")), ("required", .strings(["error"])),
      ("properties", .object([("error", .object([("type", .string("string"))]))])),
    ])
    func response(_ text: String, _ schema: APIValue) -> APIValue {
      .object([("description", .string(text)), ("content", json(schema))])
    }
    return .object([
      ("\(route.status.rawValue)", response("It was done.", .object([]))),
      ("default", response("It was not done, and why.", fault)),
    ])
  }

  private static func json(_ schema: APIValue) -> APIValue {
    .object([("application/json", .object([("schema", schema)]))])
  }
}
