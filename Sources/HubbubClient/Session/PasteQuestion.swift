/// A paste of several lines that a person is asked about before it is said.
struct PasteQuestion {
  /// More messages than this are not said at once: the link holds no more, and nobody reads them.
  static let messageLimit = 1500

  private(set) var lines: [String] = []
  private(set) var bytes = 0
  private(set) var messages = 0

  /// Where it goes, whatever comes onto the screen meanwhile; nil: nowhere.
  let room: String?

  init(room: String?) { self.room = room }

  /// Adds lines.
  ///
  /// - Parameter parts: into how many messages a line is split.
  mutating func add(_ more: [String], parts: (String) -> Int) {
    for line in more {
      bytes += line.utf8.count + (lines.isEmpty ? 0 : 1)
      lines.append(line)
      if !Self.isBlank(line) { messages += parts(line) }
    }
  }

  /// Why it cannot be said; nil where it can.
  var refusal: String? {
    if bytes > InputDecoder.pasteLimitBytes { return Self.tooLarge(bytes: bytes) }
    guard messages > Self.messageLimit else { return nil }
    return "The paste has \(size), which is \(Sentence.count(messages, "message")); at most "
      + "\(Sentence.grouped(Self.messageLimit)) go at once. Nothing of it was sent."
  }

  static func tooLarge(bytes: Int) -> String {
    "The paste has \(Sentence.count(bytes, "byte")); at most "
      + "\(Sentence.grouped(InputDecoder.pasteLimitBytes)) go at once. Nothing of it was sent."
  }

  /// The beginning and the end of it, and the question.
  var notes: [StyledText] {
    var preview = [lines.first ?? ""]
    if lines.count > 1 { preview.append(lines.last ?? "") }
    var notes = preview.map {
      StyledText("│ ", .dim) + StyledText(SafeText.clean(String($0.prefix(300))))
    }
    if lines.count > 2 { notes.insert(StyledText("│ …", .dim), at: 1) }
    let parts = messages > saidCount ? ", as \(Sentence.grouped(messages)) messages" : ""
    let target = room.map { " to \(SafeText.clean($0))" } ?? ""
    return notes + [StyledText("Send \(size)\(parts)\(target)? [y/n]", .bold)]
  }

  private var size: String {
    "\(Sentence.count(saidCount, "line")), \(Sentence.count(bytes, "byte"))"
  }

  private var saidCount: Int { lines.count { !Self.isBlank($0) } }

  private static func isBlank(_ line: String) -> Bool { line.allSatisfy(\.isWhitespace) }
}
