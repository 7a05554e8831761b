/// Compares what people read with what their rooms' witnesses read: whole streams, line by line.
///
/// A witness is in one room from its beginning and misses nothing, so that its stream is the room's log.
struct StreamChecker {
  /// Each room's lines in their order.
  private var logs: [String: [Line]] = [:]

  /// A line of a room, and what makes it the same line in other streams: its message id; for what stands in
  /// several rooms, all of it.
  private struct Line {
    let key: String
    let body: String

    init?(_ text: String) {
      let tags = "@msgid="
      guard text.hasPrefix(tags), let end = text.firstIndex(of: " ") else { return nil }
      body = String(text[text.index(after: end)...])
      let isShared = body.contains(" NICK ") || body.contains(" QUIT ")
      let id = text[..<end].dropFirst(tags.count)
      // For some of a room, or for one person: no line of its log.
      let words = body.split(separator: " ", maxSplits: 3)
      if words[1] == "PRIVMSG", words[2].first != "#" { return nil }
      // One's own NICK where one is in no room.
      if id.contains("-a") { return nil }
      key = isShared ? body : String(id)
    }
  }

  /// Adds a room.
  mutating func add(_ room: String, asReadBy witness: Person) {
    logs[room] = witness.outlet.lines.compactMap(Line.init)
  }

  /// What is wrong with a person's stream; nil where nothing is.
  ///
  /// - Parameter prefix: what all nicknames of the person begin with, and nobody else's.
  func fault(in person: Person, namedAs prefix: String) -> String? {
    let lines = person.outlet.lines
    let stream = lines.compactMap(Line.init)
    var seen: [String: Int] = [:]
    for (place, line) in stream.enumerated() {
      if seen.updateValue(place, forKey: line.key) != nil { return "read twice: \(line.body)" }
    }
    var expected: Set<String> = []
    for (room, log) in logs {
      var last = -1
      for line in Self.stays(of: prefix, in: log) {
        expected.insert(line.key)
        guard let place = seen[line.key] else { return "lost in \(room): \(line.body)" }
        if place < last { return "late in \(room): \(line.body) after \(stream[last].body)" }
        last = place
      }
    }
    if let foreign = stream.first(where: { !expected.contains($0.key) }) {
      return "not to be read: \(foreign.body)"
    }
    return Self.disorder(in: lines, ofPersonNamedAs: prefix) ?? Self.displaced(in: lines)
  }

  /// The numbers of one room's entries rise, whether they are read in its log or as copies.
  private static func displaced(in lines: [String]) -> String? {
    var last: [Substring: (number: Int, line: String)] = [:]
    for line in lines where line.hasPrefix("@msgid=") {
      let id = line.prefix { $0 != " " }.split(separator: "=")[1].split(separator: "-")
      guard id.count == 2, let number = Int(id[1]) else { continue }
      if let before = last[id[0]], before.number >= number {
        return "\(line) was read after \(before.line)"
      }
      last[id[0]] = (number, line)
    }
    return nil
  }

  /// What a line says, as in p1n7.2, and what was done by it, as in p1n7; nil where it says nothing.
  static func said(in line: String) -> (text: String, act: String)? {
    let words = line.split(separator: " ")
    guard let last = words.last, words.contains("PRIVMSG") || words.contains("NICK") else {
      return nil
    }
    let text = last.drop { $0 == ":" }
    return (String(text), String(text.prefix { $0 != "." }))
  }

  /// The lines of a log from a person's JOIN to its PART, of all its stays.
  private static func stays(of prefix: String, in log: [Line]) -> [Line] {
    var isHere = false
    return log.filter { line in
      let words = line.body.split(separator: " ")
      let isOwn = words[0].hasPrefix(":\(prefix)")
      if isOwn, words[1] == "JOIN" { isHere = true }
      let isOut = words[1] == "KICK" && words[3].hasPrefix(prefix)
      defer { if isOut || isOwn && words[1] == "PART" { isHere = false } }
      return isHere
    }
  }

  /// What one person says is numbered, as in p1n7 or p1n7.2, wherever it is said, and read in this order.
  ///
  /// What somebody says to itself it reads twice.
  private static func disorder(in lines: [String], ofPersonNamedAs prefix: String) -> String? {
    var last: [Substring: Double] = [:]
    for line in lines {
      let words = line.body.split(separator: " ", maxSplits: 3)
      guard words.count > 2, words[1] == "PRIVMSG" || words[1] == "NICK" else { continue }
      let said = words.last!.drop { $0 == ":" }
      let parts = said.split(separator: "n")
      guard parts.count == 2, let number = Double(parts[1]) else { continue }
      let isOwn = prefix.hasPrefix(parts[0])
      if let before = last[parts[0]], isOwn ? before > number : before >= number {
        return "\(said) was read after \(parts[0])n\(before)"
      }
      last[parts[0]] = number
    }
    return nil
  }
}
