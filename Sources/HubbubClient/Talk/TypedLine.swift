/// What a line that a person typed asks for.
enum TypedLine: Equatable {
  case nothing
  case say(String)
  case command(CommandName, Words)
  case mistake(CommandError)

  /// `/` begins a command, `//` a text that begins with a slash.
  init(_ line: String) {
    if line.allSatisfy(\.isWhitespace) {
      self = .nothing
    } else if line.hasPrefix("//") {
      self = .say(String(line.dropFirst()))
    } else if line.hasPrefix("/") {
      var words = Words(line.dropFirst())
      switch CommandName.find(words.next() ?? "") {
      case .failure(let error): self = .mistake(error)
      case .success(let name) where words.count < name.minimumWords:
        self = .mistake(.missing(name))
      case .success(let name): self = .command(name, words)
      }
    } else {
      self = .say(line)
    }
  }
}

/// What stands behind a command: words, or the rest of the line as it is.
struct Words: Equatable {
  private(set) var rest: Substring

  init(_ text: some StringProtocol) { rest = Substring(text).drop { $0 == " " } }

  var count: Int { rest.split(separator: " ").count }
  var isEmpty: Bool { rest.isEmpty }

  /// Takes the next word; nil at the end.
  mutating func next() -> String? {
    guard !rest.isEmpty else { return nil }
    let word = rest.prefix { $0 != " " }
    rest = rest[word.endIndex...].drop { $0 == " " }
    return String(word)
  }

  /// The next word, without taking it.
  var first: String? { rest.isEmpty ? nil : String(rest.prefix { $0 != " " }) }

  /// What is left without spaces at its end; nil for nothing.
  var text: String? {
    var text = rest
    while text.last == " " { text.removeLast() }
    return text.isEmpty ? nil : String(text)
  }
}
