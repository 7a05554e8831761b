import HubbubThreads
import Testing

@testable import HubbubSwarm

@Suite struct EarTests {
  private let run: RunID
  private let clock = RunClock(origin: RunClock.system)

  init() {
    var random = SplitMix64(seed: 9)
    run = RunID(using: &random)
  }

  private func ear() -> Ear {
    Ear(
      run: run, ids: MessageIDs(senders: 4), textBytes: 48, readsTimes: true, readsIDs: false,
      provenance: Provenance(names: (0..<4).map { "bot-\($0)" }, room: "#swarm"),
      membership: Membership(nickname: "eye-0", room: "#swarm"), reserving: 16)
  }

  private func line(_ sender: Int, _ number: Int, tags: String = "") -> [UInt8] {
    var text = [UInt8](repeating: 0, count: 48)
    text.withUnsafeMutableBytes {
      Payload(sender: sender, number: number, due: 5).write(run: run, into: $0)
    }
    return Array("\(tags):bot-\(sender)!u@h PRIVMSG #swarm :".utf8) + text + [13, 10]
  }

  @Test func `messages are heard wherever the reads cut them`() {
    let ids = MessageIDs(senders: 4)
    let stream = (1...3).flatMap { line(1, $0) }
    for size in [1, 7, 50, 99, stream.count] {
      var ear = ear()
      for start in stride(from: 0, to: stream.count, by: size) {
        ear.takeIn(Array(stream[start..<min(start + size, stream.count)]), at: clock)
      }
      #expect(ear.arrivals.ids == (1...3).map { ids.id(sender: 1, number: $0) })
      #expect(ear.asides.isEmpty && ear.strays == 0)
    }
  }

  @Test func `one read is one time of arrival`() {
    var ear = ear()
    ear.takeIn(line(0, 1) + line(1, 1), at: clock)
    ear.takeIn(Array(":a!u@h JOIN #swarm\r\n".utf8), at: clock)
    ear.takeIn(line(2, 1), at: clock)
    #expect(ear.arrivals.reads.map(\.end) == [2, 3])
    #expect(ear.arrivals.reads[0].time <= ear.arrivals.reads[1].time)
    #expect(ear.sampleDue == 5)
  }

  @Test func `what a bot must answer is set aside, and the crowd's coming and going is not`() {
    var ear = ear()
    let lines = [
      "PING :x", ":server 353 bot = #swarm :a b", ":a!u@h JOIN #swarm",
      ":server 404 bot #swarm :No",
      "ERROR :Closing", "@time=x :a!u@h PART #swarm", ":server 001 bot :Welcome", "", ":", "@",
    ]
    ear.takeIn(Array((lines.joined(separator: "\r\n") + "\r\n").utf8), at: clock)
    let kept = ear.asides.map { String(decoding: $0, as: UTF8.self).filter { $0 != "\r" } }
    #expect(kept.map { $0.replacing("\r", with: "") }.count == 3)
    #expect(kept[0].hasPrefix("PING") && kept[1].contains("404") && kept[2].hasPrefix("ERROR"))
  }

  @Test func `a sender that nobody is, and a number that cannot be, are strays`() {
    var ear = ear()
    ear.takeIn(line(4, 1) + line(0, 0) + line(3, 1), at: clock)
    #expect(ear.strays == 2 && ear.arrivals.ids.count == 1)
  }

  @Test func `times are read wherever the tag stands, and steps back are counted`() {
    var ear = ear()
    let times = ["10.000", "10.001", "10.001", "09.999", "10.002"]
    for (index, time) in times.enumerated() {
      let tags = index % 2 == 0 ? "@" : "@msgid=abc;"
      ear.takeIn(line(0, index + 1, tags: "\(tags)time=2026-11-22T21:43:\(time)Z "), at: clock)
    }
    ear.takeIn(line(0, 6), at: clock)
    #expect(ear.serverTimes.count == 5 && ear.serverTimes.decreases == 1)
  }

  @Test func `the last number of each sender is noted for the board`() {
    var ear = ear()
    ear.takeIn(line(2, 7) + line(0, 3) + line(2, 8), at: clock)
    #expect((0..<4).map { ear.check.last($0) } == [3, 0, 8, 0])
  }

  @Test func `a line longer than the buffer is dropped, and hearing goes on`() {
    var ear = ear()
    let piece = [UInt8](repeating: UInt8(ascii: "x"), count: Ear.capacity / 2)
    for _ in 0..<4 { ear.takeIn(piece, at: clock) }
    ear.takeIn([10] + line(1, 1), at: clock)
    #expect(ear.arrivals.ids.count == 1)
  }

  private func hear(_ lines: [UInt8]...) -> Ear {
    var ear = ear()
    for line in lines { ear.takeIn(line, at: clock) }
    return ear
  }

  private func line(as nickname: String, in room: String, _ sender: Int, _ number: Int) -> [UInt8] {
    let text = String(decoding: line(sender, number), as: UTF8.self)
    return Array(
      text.replacing(":bot-\(sender)!", with: ":\(nickname)!")
        .replacing("#swarm :", with: "\(room) :").utf8)
  }

  @Test func `a message under another name, or in another room, is noted with both`() {
    let ear = hear(
      line(1, 1), line(as: "bot-2", in: "#swarm", 1, 2), line(1, 3),
      line(as: "bot-1", in: "#other", 1, 4), line(as: "bot-2", in: "#swarm", 1, 5), line(2, 1))
    #expect(
      ear.provenance.claims == [
        .init(sender: 1, nickname: "bot-2", target: "#swarm"): 2,
        .init(sender: 1, nickname: "bot-1", target: "#other"): 1,
      ])
    // It arrived all the same: whether it was lost is another question.
    #expect(ear.arrivals.ids.count == 6)
  }

  private func said(_ text: String) -> [UInt8] { Array("\(text)\r\n".utf8) }

  @Test func `what is heard between a PART or a KICK and the next JOIN is outside`() {
    let left = hear(
      line(0, 1), said(":eye-1!u@h PART #swarm"), line(0, 2), said(":eye-0!u@h PART #swarm"),
      line(0, 3), line(0, 4), said(":eye-1!u@h JOIN #swarm"), line(0, 5),
      said(":eye-0!u@h JOIN #swarm"), line(0, 6))
    #expect(left.membership.outside == .init(afterPart: 3, afterKick: 0, beforeJoin: 0))
    let kicked = hear(
      said(":bot-1!u@h KICK #swarm eye-1 :no"), line(0, 1),
      said(":bot-1!u@h KICK #swarm eye-0 :out"),
      line(0, 2))
    #expect(kicked.membership.outside.afterKick == 1 && kicked.membership.outside.all == 1)
    #expect(kicked.membership.kicks == ["bot-1: out"])
    // Another room is no matter, and a new name is known.
    let renamed = hear(
      said(":eye-0!u@h PART #other"), line(0, 1), said(":eye-0!u@h NICK :late"), line(0, 2),
      said(":late!u@h PART #swarm :bye"), line(0, 3))
    #expect(renamed.membership.outside == .init(afterPart: 1, afterKick: 0, beforeJoin: 0))
  }

  @Test func `what is heard after asking to come back and before the JOIN is before it`() {
    var ear = hear(said(":eye-0!u@h PART #swarm"), line(0, 1))
    ear.membership.askToJoin()
    ear.takeIn(line(0, 2), at: clock)
    ear.takeIn(said(":eye-0!u@h JOIN :#swarm"), at: clock)
    ear.takeIn(line(0, 3), at: clock)
    #expect(ear.membership.outside == .init(afterPart: 1, afterKick: 0, beforeJoin: 1))
  }

  @Test func `a step back in time is measured, and belongs to a sender`() {
    let ear = hear(
      line(0, 1, tags: "@time=2026-11-22T21:59:59.900Z "),
      line(2, 1, tags: "@time=2026-11-22T21:59:58.650Z "),
      line(1, 1, tags: "@time=2026-11-22T22:00:00.000Z "))
    #expect(ear.serverTimes.decreases == 1 && ear.serverTimes.decreasesBySender == [2: 1])
    #expect(ear.serverTimes.furthestMilliseconds == 1_250)
  }
}
