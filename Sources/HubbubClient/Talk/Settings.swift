/// What is remembered for the next time, in a file that people can read and edit.
struct Settings: Sendable, Equatable {
  /// A room to enter, with its key where it needs one.
  struct Room: Sendable, Equatable {
    var name: String
    var key: String?
  }

  var server: String?

  /// Whom to believe to be that server: `yes`, `ca <file>` or `pin <fingerprint>`; nil for plain
  /// text.
  var tls: String?

  var nickname: String?
  var rooms: [Room] = []
  var ignored: [String] = []

  /// What `/set` has changed, by its name; what is missing is at its default.
  private(set) var changed: [SettingName: String] = [:]

  init() {}

  /// What a setting is, or would be.
  func value(of name: SettingName) -> String { changed[name] ?? name.choices.first ?? "" }

  /// Changes a setting; "" puts it back to its default.
  ///
  /// - Returns: what is wrong with the value, as a sentence.
  mutating func set(_ name: SettingName, to value: String) -> String? {
    if name == .onConnect,
      let text = Self.commands(in: value).first(where: { !$0.hasPrefix("/") })
    {
      return "“\(SafeText.clean(text))” is no command: each begins with a slash."
    }
    guard !name.choices.isEmpty else {
      changed[name] = value.isEmpty ? nil : value
      return nil
    }
    let value = Self.spelled(value.lowercased())
    guard value.isEmpty || name.choices.contains(value) else {
      return "\(name.rawValue) is one of \(Sentence.list(name.choices, word: "or"))."
    }
    changed[name] = value.isEmpty || value == name.choices[0] ? nil : value
    return nil
  }

  /// What people write for yes and no.
  private static func spelled(_ value: String) -> String {
    switch value {
    case "on", "true", "1": "yes"
    case "off", "false", "0": "no"
    default: value
    }
  }

  func isOn(_ name: SettingName) -> Bool { value(of: name) == "yes" }

  /// Whether CTCP VERSION and PING are answered.
  var answersPrograms: Bool { isOn(.ctcp) }

  /// What is typed for a person on each connection to `server`.
  var commandsOnConnect: [String] { Self.commands(in: value(of: .onConnect)) }

  /// Commands with `|` between them. Only a `|` before another command ends one: it may stand in a
  /// password.
  private static func commands(in text: String) -> [String] {
    var commands: [Substring] = []
    for part in text.split(separator: "|", omittingEmptySubsequences: false) {
      let word = part.drop(while: \.isWhitespace)
      if let last = commands.last, !word.hasPrefix("/") {
        // A part of the text: what ends here is not a command.
        commands[commands.count - 1] = text[last.startIndex..<part.endIndex]
      } else {
        commands.append(word)
      }
    }
    return commands.map(trimmed).filter { !$0.isEmpty }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  /// The same without what is for its own server's eyes, unless that is meant: its account, and the
  /// commands on connect.
  func forServer(_ name: String) -> Settings {
    guard name != server else { return self }
    var settings = self
    for name in SettingName.allCases where name.isOfOneServer { settings.changed[name] = nil }
    return settings
  }

  /// Words that call as one's name does.
  var highlights: [String] {
    value(of: .highlight).split(separator: ",").map(Self.trimmed).filter { !$0.isEmpty }
  }

  /// Reads `name = value` lines; `#` begins a comment where a name would stand.
  ///
  /// - Returns: what was understood, and a sentence for each line that was not.
  static func parse(_ text: String) -> (settings: Settings, mistakes: [String]) {
    var settings = Settings()
    var mistakes: [String] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      guard let (name, value) = pair(line) else {
        if !isBlank(line) { mistakes.append("Line \(index + 1) is not “name = value”.") }
        continue
      }
      if let mistake = settings.take(name, value) {
        mistakes.append("Line \(index + 1): \(mistake)")
      }
    }
    return (settings, mistakes)
  }

  /// The file's new text: the lines of ours are replaced, comments and the rest of the old text
  /// stay.
  func merged(into old: String) -> String {
    var lines = old.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map(String.init)
      .filter { line in Self.pair(line[...]).map { !Self.names.contains($0.name) } ?? true }
    while lines.last?.isEmpty == true { lines.removeLast() }
    if lines.isEmpty { lines = [Self.heading] }
    lines += written
    return lines.joined(separator: "\n") + "\n"
  }

  private var written: [String] {
    var lines: [String] = []
    if let server { lines.append("server = \(server)") }
    if let tls { lines.append("tls = \(tls)") }
    if let nickname { lines.append("nick = \(nickname)") }
    for room in rooms { lines.append("room = \(room.name)" + (room.key.map { " \($0)" } ?? "")) }
    for mask in ignored { lines.append("ignore = \(mask)") }
    for name in SettingName.allCases {
      if let value = changed[name] { lines.append("\(name.rawValue) = \(value)") }
    }
    return lines
  }

  private static let heading =
    "# Settings of “hubbub join”. /save writes them anew and keeps comments like this one."
  private static let names = Set(
    ["server", "tls", "nick", "room", "ignore"] + SettingName.allCases.map(\.rawValue))

  /// - Returns: what is wrong with it, as a sentence.
  private mutating func take(_ name: String, _ value: String) -> String? {
    switch name {
    case "server": server = value
    case "tls": tls = value
    case "nick": nickname = value
    case "room":
      var words = Words(value)
      guard let name = words.next() else { return nil }
      rooms.append(Room(name: name, key: words.next()))
    case "ignore": ignored.append(value)
    default:
      guard let setting = SettingName(rawValue: name) else {
        return "there is no setting called “\(SafeText.clean(name))”."
      }
      // Several lines are as good as one with several commands.
      if setting == .onConnect, let before = changed[.onConnect] {
        return set(setting, to: "\(before) | \(value)")
      }
      return set(setting, to: value)
    }
    return nil
  }

  private static func isBlank(_ line: Substring) -> Bool {
    let first = line.first { !$0.isWhitespace }
    return first == nil || first == "#"
  }

  private static func pair(_ line: Substring) -> (name: String, value: String)? {
    guard !isBlank(line), let equals = line.firstIndex(of: "=") else { return nil }
    let value = trimmed(line[line.index(after: equals)...])
    return value.isEmpty ? nil : (trimmed(line[..<equals]), value)
  }
}
