import Yams

/// The reading of one settings file: what was found to be wrong so far.
struct SettingsReading {
  let file: String
  private(set) var problems: [SettingsProblem] = []

  /// The full name of the option that is being read: `limits.clients`, `rooms[2].topic`.
  private var path: [String] = []

  /// Where each option stands, for what can only be judged when all were read.
  private var places: [String: Mark] = [:]

  init(file: String) { self.file = file }

  /// Reads a part of the option that is being read.
  mutating func within<Result>(
    _ step: String, at mark: Mark? = nil, _ body: (inout SettingsReading) -> Result
  ) -> Result {
    path.append(step)
    if let mark { places[name] = mark }
    defer { path.removeLast() }
    return body(&self)
  }

  /// Notes that something else was expected than `node`.
  mutating func expected(_ what: String, _ node: Node) {
    note("expected \(what), found \(Self.description(of: node))", at: node.mark)
  }

  /// Notes what is wrong with the option that is being read.
  mutating func note(_ text: String, at mark: Mark?) {
    let name = name
    problems.append(
      SettingsProblem(
        file: file, line: mark?.line, column: mark?.column,
        text: name.isEmpty ? text : "\(name): \(text)"))
  }

  /// Notes what is wrong with the option called `name`, read before.
  mutating func note(_ text: String, about name: String) {
    let mark = places[name]
    problems.append(
      SettingsProblem(
        file: file, line: mark?.line, column: mark?.column, text: "\(name): \(text)"))
  }

  /// Where the option called `name` stands; nil where nothing is said of it.
  func place(of name: String) -> SettingsProblem? {
    places[name].map { SettingsProblem(file: file, line: $0.line, column: $0.column, text: "") }
  }

  private var name: String {
    path.reduce(into: "") { name, step in
      name += name.isEmpty || step.hasPrefix("[") ? step : ".\(step)"
    }
  }

  private static func description(of node: Node) -> String {
    switch node {
    case .scalar(let scalar) where scalar.style == .plain && scalar.string.isEmpty: "nothing"
    case .scalar(let scalar): "'\(scalar.string.cut(toBytes: 60))'"
    case .sequence: "a list"
    case .mapping: "a mapping of names to values"
    case .alias: "an alias"
    }
  }
}
