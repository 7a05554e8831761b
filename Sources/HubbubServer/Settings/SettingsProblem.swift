/// One thing that is wrong with a settings file: where, what was expected, and what was found.
public struct SettingsProblem: Sendable, Equatable, CustomStringConvertible {
  public var file: String

  /// From 1; nil where the whole file is concerned.
  public var line: Int?

  /// From 1, in characters; nil where the whole file is concerned.
  public var column: Int?

  public var text: String

  public init(file: String, line: Int? = nil, column: Int? = nil, text: String) {
    self.file = file
    self.line = line
    self.column = column
    self.text = text
  }

  /// `FILE:LINE:COLUMN: text`, as compilers write it and editors read it.
  public var description: String {
    guard let line, let column else { return "\(file): \(text)" }
    return "\(file):\(line):\(column): \(text)"
  }
}

/// Settings that cannot be used: everything that is wrong with them, in the order of the file.
public struct SettingsError: Error, CustomStringConvertible {
  public var problems: [SettingsProblem]

  /// What could be read nonetheless, for whoever looks for more faults; never to be used. nil where
  /// it is too little.
  public var rest: ServerSettings?

  public init(_ problems: [SettingsProblem], _ rest: ServerSettings? = nil) {
    self.problems = problems
    self.rest = rest
  }

  public var description: String { problems.map(\.description).joined(separator: "\n") }
}
