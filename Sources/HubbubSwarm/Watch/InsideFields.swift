/// `kind name=value name=value …`, as a Hubbub server writes its figures; the value of `reason` is
/// the rest of the line. A value.
struct InsideFields {
  let kind: String
  private var values: [String: String] = [:]

  init(_ text: String) {
    var rest = text[...]
    kind = String(rest.prefix { $0 != " " })
    rest = rest.dropFirst(kind.count + 1)
    while !rest.isEmpty {
      let name = String(rest.prefix { $0 != "=" })
      rest = rest.dropFirst(name.count + 1)
      let value = name == "reason" ? rest : rest.prefix { $0 != " " }
      values[name] = String(value)
      rest = rest.dropFirst(value.count + 1)
    }
  }

  subscript(name: String) -> String? { values[name] }
  func int(_ name: String) -> Int? { values[name].flatMap { Int($0) } }
}
