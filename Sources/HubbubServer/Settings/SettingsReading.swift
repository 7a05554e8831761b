import Yams

/// The reading of one settings file: what was found to be wrong so far.
struct SettingsReading {
  let file: String
  private(set) var problems: [SettingsProblem] = []

  /// What is not wrong, and should be known.
  private(set) var notes: [SettingsProblem] = []

  /// All that can be said in the file, by full names, with `[]` for each of a list:
  /// `rooms[].topic`.
  let options: [String]

  /// The text's lines, for what only they tell.
  private let lines: [Substring]

  /// The options of which something is wrong, by their full names.
  private var faulty: Set<String> = []

  /// The full name of the option that is being read: `limits.clients`, `rooms[2].topic`.
  private var path: [String] = []

  /// Where each option stands, for what can only be judged when all were read.
  private var places: [String: Mark] = [:]

  init(file: String, text: String = "", options: [String] = []) {
    self.file = file
    self.options = options
    lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  }

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
    note("expected \(what), found \(Self.description(of: node))\(hint(node))", at: node.mark)
  }

  /// What to do about a value that is a comment, to YAML: `lobby: #tea`.
  private func hint(_ node: Node) -> String {
    guard node.isEmpty else { return "" }
    // Within braces a value that is not there is found only at what follows, on another line.
    let places = [
      node.mark.map { rest(from: $0) }, places[name].map { rest(from: $0).drop { $0 != ":" } },
    ]
    let comments = places.compactMap { $0?.drop { ":- \t".contains($0) } }
    guard let comment = comments.first(where: { $0.hasPrefix("#") }) else { return "" }
    return "; YAML takes what begins with # for a comment: put it in quotes, "
      + "'\(String(comment).cut(toBytes: 60))'"
  }

  /// What stands on a line from a place on.
  private func rest(from mark: Mark) -> Substring {
    guard lines.indices.contains(mark.line - 1) else { return "" }
    return lines[mark.line - 1].dropFirst(mark.column - 1)
  }

  /// Notes what is wrong with the option that is being read.
  mutating func note(_ text: String, at mark: Mark?) {
    let name = name
    for count in 1..<max(path.count + 1, 1) { faulty.insert(Self.name(path[..<count])) }
    problems.append(
      SettingsProblem(
        file: file, line: mark?.line, column: mark?.column,
        text: name.isEmpty ? text : "\(name): \(text)"))
  }

  /// Notes what is wrong with the option called `name`, read before.
  mutating func note(_ text: String, about name: String) {
    problems.append(problem(text, about: name))
  }

  /// Notes what is not wrong with the option called `name`, and should be known.
  mutating func advise(_ text: String, about name: String) {
    notes.append(problem(text, about: name))
  }

  private func problem(_ text: String, about name: String) -> SettingsProblem {
    let mark = places[name]
    return SettingsProblem(
      file: file, line: mark?.line, column: mark?.column, text: "\(name): \(text)")
  }

  /// Whether something is wrong with the option called `name`, so that there is no judging what it
  /// comes to.
  func isFaulty(_ name: String) -> Bool { faulty.contains(name) }

  /// Where the option called `name` stands; nil where nothing is said of it.
  func place(of name: String) -> SettingsProblem? {
    places[name].map { SettingsProblem(file: file, line: $0.line, column: $0.column, text: "") }
  }

  private var name: String { Self.name(path[...]) }

  private static func name(_ path: ArraySlice<String>) -> String {
    path.reduce(into: "") { name, step in
      name += name.isEmpty || step.hasPrefix("[") ? step : ".\(step)"
    }
  }

  private static func description(of node: Node) -> String {
    switch node {
    case .scalar where node.isEmpty: "nothing"
    case .scalar(let scalar): "'\(scalar.string.cut(toBytes: 60))'"
    case .sequence: "a list"
    case .mapping: "a mapping of names to values"
    case .alias: "an alias"
    }
  }
}
