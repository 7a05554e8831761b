import HubbubThreads
import Testing

/// One server, or the nodes of a network, a founder for each room, and some people who do what they do all at the same time.
struct OutsideRun {
  let streams: [OutsideChecker.Stream]
  let checker: OutsideChecker
  private let people: [OrderedPerson]
  private let founders: [OrderedPerson]

  private static let everything = [
    "away-notify", "setname", "message-tags", "echo-message", "multi-prefix",
  ]
  private static let some = [
    "away-notify", "setname", "message-tags", "echo-message", "multi-prefix", "extended-join",
    "userhost-in-names", "server-time", "batch", "labeled-response", "draft/multiline",
  ]

  /// - Parameter servers: over which people and founders are spread; none: one of its own.
  init(
    seed: UInt64, people count: Int = 8, acts: Int = 120, over servers: [TestServer] = []
  ) throws {
    let servers = try servers.isEmpty ? [TestServer()] : servers
    var random = SplitMix64(seed: seed)
    let names = Monitor<[Int: String]>([:])
    founders = try OrderedPerson.rooms.enumerated().map { index, room in
      // Nobody removes a founder, whose name the others do not know.
      let founder = try OrderedPerson(
        1000 + index, in: servers[index % servers.count], .init([:]), capabilities: Self.everything)
      try founder.join(room)
      return founder
    }
    people = try (0..<count).map { index in
      let capabilities = Self.some.filter { _ in Bool.random(using: &random) }
      let server = servers[index % servers.count]
      return try OrderedPerson(index, in: server, names, capabilities: capabilities)
    }
    for person in people {
      for (room, founder) in zip(OrderedPerson.rooms, founders)
      where Int.random(in: 0..<3, using: &random) > 0 {
        try person.join(room)
        guard Bool.random(using: &random) else { continue }
        // Who has come at another node may not have come at the founder's yet.
        try founder.readUntilAllIsDone()
        try founder.appoint(person, in: room)
      }
    }
    let failures = Monitor<[String]>([])
    let threads = try people.map { person in
      let seed = random.next()
      return try NamedThread(name: "person-\(person.index)") {
        var random = SplitMix64(seed: seed)
        do { try person.live(acts, &random) } catch { failures.withLock { $0.append("\(error)") } }
      }
    }
    for thread in threads { thread.join() }
    for person in founders + people { try person.readUntilAllIsDone() }
    try #require(failures.withLock { $0 } == [])
    checker = OutsideChecker(
      logs: Dictionary(uniqueKeysWithValues: zip(OrderedPerson.rooms, founders.map(\.lines))))
    streams = people.map(\.stream)
  }

  /// What is wrong with anybody's stream, or with what was said in private.
  func fault() -> String? {
    for stream in streams {
      if let fault = checker.fault(in: stream) { return "\(stream.prefix): \(fault)" }
    }
    return privateFault()
  }

  /// What was said in private, and told so to its author by an echo, was read once, by one person.
  private func privateFault() -> String? {
    var reads: [Substring: Int] = [:]
    var echoes: Set<Substring> = []
    for stream in streams {
      for line in stream.lines where line.command == "PRIVMSG" && !line.isPublic {
        guard let act = line.act else { continue }
        let isOwn = line.source.hasPrefix(stream.prefix)
        let isForOneself = isOwn && line.target.hasPrefix(stream.prefix)
        if isOwn { echoes.insert(act) }
        if !isOwn || isForOneself { reads[act, default: 0] += 1 }
      }
    }
    for act in echoes.sorted() where reads[act] == nil { return "\(act) was said, and not read" }
    return nil
  }

  /// A line that a stream must not have: of a room that its reader was never in.
  func foreignLine(for stream: OutsideChecker.Stream) -> [ReadLine] {
    let absent = OrderedPerson.rooms.indices.first { index in
      !stream.lines.contains { $0.isOnly(in: OrderedPerson.rooms[index]) }
    }
    guard let absent else { return [] }
    return founders[absent].lines.last.map { [$0] } ?? []
  }
}
