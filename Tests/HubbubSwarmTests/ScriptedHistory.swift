import IRCWire

/// What a scripted server remembers of each room, and how it answers CHATHISTORY.
struct ScriptedHistory {
  /// How far what is remembered is true.
  enum Memory: Sendable, Equatable {
    /// There is no history at all.
    case none
    case right

    /// Swaps every so-manieth message with the one after it.
    case reordered(every: Int)

    /// Leaves every so-manieth message out.
    case lacking(every: Int)

    /// Gives every so-manieth message back twice.
    case doubled(every: Int)

    /// Keeps no more than so many.
    case short(keeping: Int)

    /// Offers it, and refuses.
    case refused
  }

  /// ISUPPORT CHATHISTORY: a page has this many messages at most.
  static let pageMessages = 30

  let memory: Memory
  private var lines: [(room: String, id: String, text: String)] = []

  init(_ memory: Memory) { self.memory = memory }

  /// Remembers a line without its tags.
  mutating func note(room: String, id: String, line: String) {
    let count = lines.count { $0.room == room }
    switch memory {
    case .lacking(let every) where count % every == every - 1 && lines.last?.text != "":
      // An empty line stands for the gap, and is never given out.
      lines.append((room, id, ""))
    case .reordered(let every) where count % every == every - 1:
      lines.insert((room, id, line), at: lines.lastIndex { $0.room == room } ?? lines.endIndex)
    case .doubled(let every) where count % every == every - 1:
      lines += [(room, id, line), (room, id, line)]
    default: lines.append((room, id, line))
    }
  }

  /// The lines of an answer.
  func answer(_ request: Message) -> [String] {
    let parameters = request.parameters
    guard memory != .refused, parameters.count == 4, let limit = Int(parameters[3]),
      limit <= Self.pageMessages
    else { return ["FAIL CHATHISTORY INVALID_PARAMS \(parameters[0]) :Not today"] }
    var kept = lines.filter { $0.room == parameters[1] }
    if case .short(let most) = memory { kept = kept.suffix(most) }
    if parameters[0] == "BEFORE" {
      let id = String(parameters[2].dropFirst("msgid=".count))
      kept = Array(kept.prefix { $0.id != id })
    }
    var isForward = false
    if parameters[0] == "AFTER" {
      let id = String(parameters[2].dropFirst("msgid=".count))
      kept = Array(kept.drop { $0.id != id }.drop { $0.id == id })
      isForward = true
    }
    let all = kept.filter { $0.text != "" }
    let told = isForward ? all.prefix(limit) : all.suffix(limit)
    return ["BATCH +h chathistory \(parameters[1])"]
      + told.map { "@batch=h;msgid=\($0.id) \($0.text)" } + ["BATCH -h"]
  }
}
