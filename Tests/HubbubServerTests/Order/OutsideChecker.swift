/// Compares what people read over their sockets with what the founders of their rooms read: whole streams.
///
/// A founder is in one room from its beginning, is its operator, and reads everything, so that its stream is the room's
/// log. From the log follows what each member must have read, and nothing else: where one came in and went, whom
/// messages to the operators reach, and which lines one's capabilities bring.
struct OutsideChecker {
  private let logs: [String: [ReadLine]]

  /// - Parameter logs: by the rooms' names, what their founders read.
  init(logs: [String: [ReadLine]]) { self.logs = logs }

  /// A person's stream, and what it says about its reader.
  struct Stream {
    let prefix: String
    let capabilities: Set<String>
    var lines: [ReadLine]
    var names: [(room: String, names: Set<String>)] = []
  }

  /// What is wrong with a stream; nil where nothing is.
  func fault(in stream: Stream) -> String? {
    var known: Set<String> = []
    for room in logs.keys.sorted() {
      let due = linesDue(to: stream, in: room)
      let shared = Set(due.lines.filter(\.target.isEmpty).map { "\($0)" })
      known.formUnion(due.lines.map { "\($0)" })
      let read = stream.lines.filter { line in
        line.isOnly(in: room) || shared.contains("\(line)")
      }
      if let fault = Self.difference(of: read, from: due.lines) { return "\(room): \(fault)" }
      let names = stream.names.filter { $0.room == room }.map(\.names)
      if names != due.names { return "\(room): NAMES \(names) instead of \(due.names)" }
    }
    let foreign = stream.lines.first { line in
      line.isPublic && !known.contains("\(line)") && !isOwnAlone(line, of: stream)
    }
    if let foreign { return "not to be read: \(foreign)" }
    return Self.disorder(in: stream) ?? Self.answeredBefore(in: stream)
  }

  /// What one does while in no room is told to oneself alone.
  private func isOwnAlone(_ line: ReadLine, of stream: Stream) -> Bool {
    line.target.isEmpty && line.source.hasPrefix(stream.prefix)
  }

  /// What the log says a person must have read, and whom NAMES must have named to it.
  private func linesDue(
    to stream: Stream, in room: String
  ) -> (lines: [ReadLine], names: [Set<String>]) {
    var members = Members()
    var lines: [ReadLine] = []
    var names: [Set<String>] = []
    for line in logs[room]! {
      guard line.target.isEmpty || line.isOnly(in: room) else { continue }
      let wasHere = members.nickname(of: stream.prefix)
      let isOperator = wasHere.map(members.isOperator) ?? false
      members.apply(line)
      let isHere = members.nickname(of: stream.prefix)
      if wasHere == nil, isHere != nil { names.append(Set(members.names)) }
      guard wasHere != nil || isHere != nil else { continue }
      if Self.isShown(line, to: stream, isOperator: isOperator) { lines.append(line) }
    }
    return (lines, names)
  }

  private static func isShown(_ line: ReadLine, to stream: Stream, isOperator: Bool) -> Bool {
    let isOwn = line.source.hasPrefix(stream.prefix)
    switch line.command {
    case "AWAY": return !isOwn && stream.capabilities.contains("away-notify")
    case "SETNAME": return stream.capabilities.contains("setname")
    case "TAGMSG" where !stream.capabilities.contains("message-tags"): return false
    case "PRIVMSG", "TAGMSG":
      if isOwn { return stream.capabilities.contains("echo-message") }
      return isOperator || !line.target.hasPrefix("@")
    default: return true
    }
  }

  private static func difference(of read: [ReadLine], from due: [ReadLine]) -> String? {
    for (place, line) in due.enumerated() {
      guard place < read.count else { return "lost: \(line)" }
      if read[place] != line { return "read \(read[place]) where \(line) was due, at \(place)" }
    }
    return read.count > due.count ? "read too much: \(read[due.count])" : nil
  }

  /// What one person does is read in the order in which it was done, in all rooms and in private.
  private static func disorder(in stream: Stream) -> String? {
    var last: [Substring: Int] = [:]
    for line in stream.lines {
      guard let act = line.act else { continue }
      let parts = act.split(separator: "n")
      guard parts.count == 2, line.source.hasPrefix("\(parts[0])n"), let number = Int(parts[1])
      else { continue }
      if let before = last[parts[0]], before > number {
        return "\(act) was read after \(parts[0])n\(before)"
      }
      last[parts[0]] = number
    }
    return nil
  }

  /// Nobody reads an answer before what it answers.
  private static func answeredBefore(in stream: Stream) -> String? {
    var answered: Set<Substring> = []
    for line in stream.lines where line.command == "PRIVMSG" {
      if let word = line.word, answered.contains(word), !line.source.hasPrefix(stream.prefix) {
        return "\(word) was read after an answer to it"
      }
      if let cause = line.cause { answered.insert(cause) }
    }
    return nil
  }
}

/// Who is in a room and who operates it, as the lines of its log say.
private struct Members {
  private var people: [String: Bool] = [:]

  var names: [String] { Array(people.keys) }

  func nickname(of prefix: String) -> String? { people.keys.first { $0.hasPrefix(prefix) } }

  func isOperator(_ nickname: String) -> Bool { people[nickname] ?? false }

  mutating func apply(_ line: ReadLine) {
    let words = line.text.split(separator: " ").map(String.init)
    switch line.command {
    // Whoever comes first is the founder.
    case "JOIN": people[line.source] = people.isEmpty
    case "PART", "QUIT": people[line.source] = nil
    case "KICK": people[words[0]] = nil
    case "NICK": people[line.text] = people.removeValue(forKey: line.source)
    case "MODE" where words.count == 2 && words[0].hasSuffix("o"):
      people[words[1]] = words[0].hasPrefix("+")
    default: break
    }
  }
}
