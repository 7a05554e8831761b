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

  /// Whether CTCP VERSION and PING are answered.
  var answersPrograms = true

  init() {}

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
      if !settings.take(name, value) {
        mistakes.append("Line \(index + 1): there is no setting called “\(SafeText.clean(name))”.")
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
    if !answersPrograms { lines.append("ctcp = no") }
    return lines
  }

  private static let heading =
    "# Settings of “hubbub join”. /save writes them anew and keeps comments like this one."
  private static let names: Set<String> = ["server", "tls", "nick", "room", "ignore", "ctcp"]

  private mutating func take(_ name: String, _ value: String) -> Bool {
    switch name {
    case "server": server = value
    case "tls": tls = value
    case "nick": nickname = value
    case "room":
      var words = Words(value)
      guard let name = words.next() else { return true }
      rooms.append(Room(name: name, key: words.next()))
    case "ignore": ignored.append(value)
    case "ctcp": answersPrograms = value.lowercased() != "no"
    default: return false
    }
    return true
  }

  private static func isBlank(_ line: Substring) -> Bool {
    let first = line.first { !$0.isWhitespace }
    return first == nil || first == "#"
  }

  private static func pair(_ line: Substring) -> (name: String, value: String)? {
    guard !isBlank(line), let equals = line.firstIndex(of: "=") else { return nil }
    func trimmed(_ text: Substring) -> String {
      var text = text.drop(while: \.isWhitespace)
      while text.last?.isWhitespace == true { text.removeLast() }
      return String(text)
    }
    let value = trimmed(line[line.index(after: equals)...])
    return value.isEmpty ? nil : (trimmed(line[..<equals]), value)
  }
}
