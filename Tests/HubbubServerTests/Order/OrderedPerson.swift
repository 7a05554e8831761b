import HubbubThreads
import IRCWire
import Testing

/// Somebody who does by a seed what people do, over a socket, and keeps what it reads.
///
/// Every act is numbered: p1n7 is the seventh of p1, and whatever it says or is called then says so. Used by one
/// thread at a time.
final class OrderedPerson: @unchecked Sendable {
  let index: Int
  let capabilities: Set<String>
  private(set) var lines: [ReadLine] = []

  /// What NAMES answered to each JOIN, in their order.
  private(set) var names: [(room: String, names: Set<String>)] = []

  private let client: ScriptedClient
  private let others: Monitor<[Int: String]>
  private var heard: Substring?
  private var unfinished: [String: Set<String>] = [:]
  private var acts = 0

  static let rooms = ["#a", "#b", "#c"]

  /// Those whose absence their rooms are told of neither come nor go: whoever comes in is told of it again.
  private var isResident: Bool { index < 2 }

  init(
    _ index: Int, in server: TestServer, _ others: Monitor<[Int: String]>, capabilities: [String]
  ) throws {
    self.index = index
    self.others = others
    self.capabilities = Set(capabilities)
    client = try server.client("p\(index)n0", capabilities: capabilities)
    others.withLock { $0[index] = "p\(index)n0" }
  }

  /// What all of its nicknames begin with, and nobody else's.
  var prefix: String { "p\(index)n" }

  func join(_ room: String) throws {
    try client.send("JOIN \(room)")
    try readUntilNow()
  }

  /// Does so many things, and reads now and then, and all that came of them.
  func live(_ count: Int, _ random: inout SplitMix64) throws {
    for _ in 0..<count {
      acts += 1
      try client.send(act("p\(index)n\(acts)", &random))
      if Int.random(in: 0..<3, using: &random) == 0 { try readUntilNow() }
    }
    try readUntilNow()
  }

  /// Reads all that was done before this anywhere in the network: what it asks for stands behind that
  /// in the one order.
  func readUntilAllIsDone() throws {
    try client.send("TOPIC #nowhere :nothing")
    try readUntilNow()
  }

  /// Reads all that came before the answer to a PING that is sent now.
  func readUntilNow() throws {
    for message in try client.messagesUntilNow() { note(message) }
  }

  private func note(_ message: Message) {
    switch message.command {
    case "353":
      // With the hosts where they are asked for, and with the marks of those who have some.
      let names = message.parameters[3].split(separator: " ").map { name in
        String(name.prefix { $0 != "!" }.drop { $0 == "@" || $0 == "+" })
      }
      unfinished[message.parameters[2], default: []].formUnion(names)
    case "366":
      let room = message.parameters[1]
      if let whole = unfinished.removeValue(forKey: room) { names.append((room, whole)) }
    default:
      guard let line = ReadLine(message) else { return }
      lines.append(line)
      if line.command == "NICK", line.source.hasPrefix(prefix) {
        others.withLock { $0[index] = line.text }
      }
      // What is said in several rooms at once has no one place that an answer could stand behind.
      if line.command == "PRIVMSG", !line.source.hasPrefix(prefix),
        line.word?.hasSuffix(".") == false
      {
        heard = line.word
      }
    }
  }

  /// The rooms that it is in, as far as it has read.
  private var here: [String] {
    Self.rooms.filter { room in
      let own = lines.last { line in
        line.target == room
          && (line.command == "KICK"
            ? line.text.hasPrefix(prefix)
            : line.source.hasPrefix(prefix) && (line.command == "JOIN" || line.command == "PART"))
      }
      return own?.command == "JOIN"
    }
  }

  private func somebody(_ random: inout SplitMix64) -> String {
    others.withLock { $0.values.sorted() }.randomElement(using: &random)!
  }

  /// The lines of one act. What cannot be done, as in a room from which it was removed, is refused.
  private func act(_ name: String, _ random: inout SplitMix64) -> String {
    let room = here.randomElement(using: &random) ?? "#a"
    let label = capabilities.contains("labeled-response") && Bool.random(using: &random)
    let mark = label ? "@label=\(name) " : ""
    switch Int.random(in: 0..<24, using: &random) {
    case 0, 1: return mark + "NICK \(name)"
    case 2 where !isResident: return mark + "PART \(room) \(name)"
    case 3, 4, 5:
      let absent = Self.rooms.first { !here.contains($0) }
      if let absent, !isResident { return mark + "JOIN \(absent)" }
      return mark + "PRIVMSG \(room) \(name)"
    case 6: return mark + "KICK \(room) \(somebody(&random)) \(name)"
    case 7: return mark + "TOPIC \(room) \(name)"
    case 8:
      let mode = ["+o", "-o", "+v", "-v"].randomElement(using: &random)!
      return mark + "MODE \(room) \(mode) \(somebody(&random))"
    case 9, 10: return mark + "PRIVMSG \(somebody(&random)) \(name)"
    case 11, 12, 13: return mark + "PRIVMSG @\(room) \(name)"
    case 14 where isResident: return mark + "AWAY \(name)"
    case 15: return mark + "SETNAME \(name)"
    case 16 where capabilities.contains("message-tags"):
      return "@\(label ? "label=\(name);" : "")+x=\(name) TAGMSG \(room)"
    case 17 where capabilities.contains("draft/multiline"):
      let lines = (0..<3).map { "@batch=m PRIVMSG \(room) \(name).\($0)" }
      return (["\(mark)BATCH +m draft/multiline \(room)"] + lines + ["BATCH -m"])
        .joined(separator: "\r\n")
    case 18:
      let lines = here.enumerated().map { "PRIVMSG \($1) \(name).\($0)" }
      return (lines + ["PING x"]).joined(separator: "\r\n")
    case 19 where here.count > 1:
      return mark + "PRIVMSG \(here.joined(separator: ",")) \(name)."
    default:
      guard let heard else { return mark + "PRIVMSG \(room) \(name)" }
      return mark + "PRIVMSG \(room) :\(name) re \(heard)"
    }
  }
}

extension OrderedPerson {
  /// Makes somebody an operator of a room.
  func appoint(_ person: OrderedPerson, in room: String) throws {
    try client.send("MODE \(room) +o \(person.prefix)0")
    try readUntilNow()
  }

  var stream: OutsideChecker.Stream {
    .init(prefix: prefix, capabilities: capabilities, lines: lines, names: names)
  }
}
