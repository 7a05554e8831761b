import HubbubRooms
import HubbubThreads
import IRCWire
import TestSupport
import Testing

@testable import HubbubCluster

/// Three nodes over a scripted engine, whose steps, faults and people's wishes a seed decides.
final class SimulatedNetwork {
  private let seed: UInt64
  private var random: SplitMix64
  private let chance: Monitor<SplitMix64>
  private let isFaulty = Monitor(true)
  private let engine: ScriptedEngine
  private var nodes: [SimulatedNode] = []

  /// Those whose time is over, with what their people had read.
  private var dead: [SimulatedNode] = []
  private var time: Int64 = 1000
  private var said = 0
  private var former: SnapshotMark?

  private struct SnapshotMark { let lastBatch: Int64 }

  init(seed: UInt64) throws {
    self.seed = seed
    random = SplitMix64(seed: seed)
    let chance = Monitor(SplitMix64(seed: seed ^ 0xABCD))
    let isFaulty = isFaulty
    self.chance = chance
    engine = ScriptedEngine {
      guard isFaulty.withLock({ $0 }) else { return nil }
      return chance.withLock { random in
        switch Int.random(in: 0..<10, using: &random) {
        case 0: .lost
        case 1: .unanswered
        default: nil
        }
      }
    }
    for number: NodeID in 1...3 { nodes.append(try node(number)) }
  }

  private func node(
    _ number: NodeID, _ archive: SimulatedArchive = .init()
  ) throws -> SimulatedNode {
    try SimulatedNode(number, engine, archive) { [unowned self] in
      time += 1
      // No two clocks agree, and one goes back now and then.
      return Timestamp(
        milliseconds: time + Int64(number) * 40 - Int64.random(in: 0..<30, using: &random))
    }
  }

  func run(steps: Int) throws {
    for _ in 0..<steps { try step() }
    isFaulty.withLock { $0 = false }
    // What was submitted comes to its end.
    while nodes.contains(where: \.hasWork) {
      for node in nodes {
        try node.append()
        try node.apply(.max)
      }
    }
    for node in nodes { try node.apply(.max) }
  }

  private func step() throws {
    let index = Int.random(in: nodes.indices, using: &random)
    let node = nodes[index]
    switch Int.random(in: 0..<400, using: &random) {
    case 0: try die(index)
    case 1..<5: keep(node)
    case 5..<180: act(at: node)
    case 180..<280: try node.append()
    default: try node.apply(Int.random(in: 1...4, using: &random))
    }
  }

  /// A node is given up by the others, notices, and enters anew.
  private func die(_ index: Int) throws {
    let node = nodes[index]
    engine.expire(node.number)
    if Bool.random(using: &random) {
      #expect(throws: EngineError.over, "seed \(seed)") {
        // Its calls may be lost before it learns of it.
        while true { try node.append() }
      }
    } else {
      #expect(throws: Applier.End.over, "seed \(seed)") { try node.apply(.max) }
    }
    dead.append(node)
    nodes[index] = try self.node(node.number, node.archive)
  }

  /// The state is written down, and the log before the last but one forgotten.
  private func keep(_ node: SimulatedNode) {
    let batches = engine.everything.filter { entry in
      if case .batch = entry.content { entry.revision <= node.replica.revision } else { false }
    }
    guard let last = batches.last?.revision,
      (try? engine.store(snapshot: node.replica.snapshot(), at: node.replica.revision)) != nil
    else { return }
    // A node that is further behind than that is as one that was away for too long.
    let slowest = nodes.map(\.replica.revision).min() ?? 0
    if let former, former.lastBatch <= slowest { try? engine.compact(to: former.lastBatch) }
    former = SnapshotMark(lastBatch: last)
  }

  private func act(at node: SimulatedNode) {
    guard
      let guest = node.guests.filter({ $0.session.member.profile.isRegistered })
        .randomElement(using: &random), node.guests.count > 1 || Bool.random(using: &random)
    else {
      // The same name is wanted at several nodes.
      return node.arrive(as: "g\(Int.random(in: 0..<9, using: &random))")
    }
    said += 1
    if Int.random(in: 0..<20, using: &random) == 0 {
      return node.amend(with: UInt64(said), by: guest)
    }
    // Most of the time somebody says something where it is.
    let room = guest.session.member.rooms.randomElement(using: &random)?.name
    let wish =
      room.flatMap { Int.random(in: 0..<3, using: &random) > 0 ? $0 : nil }
      .map { SimulatedWish(number: said, in: $0) } ?? SimulatedWish(number: said, &random)
    node.submit(wish.deed, by: guest, saying: wish.text)
  }

  /// How much has happened: what was said and told to have been, whose time was over, and how many
  /// lines were read.
  var extent: (said: Int, deaths: Int, read: Int) {
    let all = nodes + dead
    return (
      all.reduce(0) { $0 + $1.acknowledged.count }, dead.count,
      all.reduce(0) { $0 + ($1.guests + $1.former).reduce(0) { $0 + $1.lines.count } }
    )
  }

  // MARK: What must hold

  func check() throws {
    let digests = nodes.map { $0.registry.digest() }
    #expect(Set(digests).count == 1, "seed \(seed): \(digests)")
    try checkLog()
    checkReading()
    checkHearing()
    // Nobody is held up by a place that nobody fills.
    for guest in nodes.flatMap(\.guests) {
      #expect(guest.session.outbox.lagBytes == 0, "seed \(seed)")
    }
  }

  /// What somebody was told that it was said stands in the log, once.
  private func checkLog() throws {
    var counts: [String: Int] = [:]
    for entry in engine.everything {
      guard case .batch(_, let bytes) = entry.content else { continue }
      for action in try Batch(bytes).actions {
        guard case .say(let speeches, _, _) = try RecordedAction(action[...]).deed else { continue }
        for speech in speeches {
          if case .text(let text) = speech.content {
            counts[String(decoding: text.bytes, as: UTF8.self), default: 0] += 1
          }
        }
      }
    }
    for node in nodes + dead {
      for text in node.acknowledged {
        #expect(
          counts[text] == 1, "seed \(seed): '\(text)' stands there \(counts[text] ?? 0) times")
      }
    }
  }

  /// What one node remembers under a number, no other has otherwise, and it itself never has.
  private func checkHearing() {
    var all: [SimulatedArchive.Place: [UInt8]] = [:]
    for node in nodes {
      #expect(node.archive.faults.isEmpty, "seed \(seed): \(node.archive.faults)")
      for (place, bytes) in node.archive.heard {
        let known = all[place] ?? bytes
        all[place] = known
        #expect(known == bytes, "seed \(seed): \(place)")
      }
    }
  }

  /// Whoever reads a message anywhere reads the same under its id, and in the same order.
  private func checkReading() {
    var byID: [String: String] = [:]
    for node in nodes + dead {
      for guest in node.guests + node.former {
        var last: [String: UInt64] = [:]
        for line in guest.lines {
          guard let place = MessagePlace(line) else { continue }
          let known = byID[place.id] ?? place.content
          byID[place.id] = known
          #expect(known == place.content, "seed \(seed): \(place.id)")
          // Whoever says something to itself reads it twice.
          let least = (last[place.room] ?? 0) + (place.isToItself ? 0 : 1)
          #expect(place.number >= least, "seed \(seed): \(line)")
          last[place.room] = place.number
        }
      }
    }
  }
}

/// The id of a line, taken apart: the room's life, and the number there.
private struct MessagePlace {
  let id, room, content: String
  let number: UInt64
  let isToItself: Bool

  init?(_ line: String) {
    guard line.hasPrefix("@"), let space = line.firstIndex(of: " ") else { return nil }
    let tags = line[line.index(after: line.startIndex)..<space].split(separator: ";")
    // A room of another name is left and entered in the place of one RENAME.
    guard let tag = tags.first(where: { $0.hasPrefix("msgid=") }),
      !line.contains(" PART "), !line.contains(" JOIN ")
    else { return nil }
    id = String(tag.dropFirst("msgid=".count))
    guard let mark = id.lastIndex(of: "-"), let number = UInt64(id[id.index(after: mark)...]) else {
      return nil
    }
    room = String(id[..<mark])
    self.number = number
    // Others are told by what they negotiated; these have all negotiated the same.
    content = String(line)
    let words = line[space...].split(separator: " ")
    let source = words[0].dropFirst().prefix { $0 != "!" }
    isToItself = words.count > 2 && words[1] == "PRIVMSG" && words[2] == source
  }
}
