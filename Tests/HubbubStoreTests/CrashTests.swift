import Glibc
import HubbubThreads
import TestSupport
import Testing

@testable import HubbubStore

/// A child is killed at a random moment, again and again; what it had said was stored must be there.
// One child at a time: another one would hold on to its pipe.
@Suite(.serialized) struct CrashTests {
  /// So often. `HUBBUB_KILLS=200` is the long form.
  private static let kills = getenv("HUBBUB_KILLS").flatMap { Int(String(cString: $0)) } ?? 20

  @Test(
    "kill -9 at any moment: no half message, no other order, no hole, no number twice, and nothing lost that was said to be stored"
  )
  func history() throws {
    var random = SplitMix64(seed: seed())
    let directory = TemporaryDirectory()
    // Of each stream and run: the first number, and the last that was said to be stored.
    var runs: [Int64: [(first: UInt64, stored: UInt64)]] = [:]
    for _ in 0..<Self.kills {
      let child = try Probe(
        "history", directory.path, seed: UInt64.random(in: 0...UInt64(UInt32.max), using: &random))
      var lines = Int.random(in: 3...24, using: &random)
      while lines > 0, let line = child.readLine() {
        Self.note(line, &runs)
        lines -= 1
      }
      // In the middle of whatever it does after some more of it.
      for _ in 0..<Int.random(in: 0...100_000, using: &random) { sched_yield() }
      child.kill()
      while let line = child.readLine() { Self.note(line, &runs) }
      try Self.check(directory.path, runs)
    }
    #expect(runs.values.allSatisfy { $0.count == Self.kills })
  }

  private static func note(
    _ line: String, _ runs: inout [Int64: [(first: UInt64, stored: UInt64)]]
  ) {
    let words = line.split(separator: " ")
    guard words.count == 3, let stream = Int64(words[1]), let number = UInt64(words[2]) else {
      Issue.record("The child said '\(line)'.")
      return
    }
    if words[0] == "begun" {
      // No number is given twice.
      #expect(number > runs[stream]?.last?.stored ?? 0)
      runs[stream, default: []].append((number, number - 1))
    } else {
      runs[stream]![runs[stream]!.count - 1].stored = number
    }
  }

  private static func check(
    _ directory: String, _ runs: [Int64: [(first: UInt64, stored: UInt64)]]
  ) throws {
    let database = try Database(directory + "/history.db")
    #expect(try database.first("PRAGMA integrity_check") { $0.text(0) } == "ok")
    try database.run("INSERT INTO word(word, rank) VALUES('integrity-check', 0)")
    for (number, runs) in runs {
      let range = HistoryFile.range(of: StreamID(rawValue: number))
      var there: [UInt64] = []
      var last: Int64 = 0
      var wrong: [UInt64] = []
      try database.rows(
        "SELECT id, time, text FROM message WHERE id BETWEEN ? AND ? ORDER BY id",
        [.integer(range.lowerBound), .integer(range.upperBound)]
      ) { row in
        let sequence = MessageKey(stored: row.integer(0))!.sequence
        there.append(sequence)
        let text = row.text(2)
        let isWhole = text.hasPrefix("\(number)/\(sequence) ") && text.hasSuffix(" end")
        if !isWhole || row.integer(1) < last { wrong.append(sequence) }
        last = row.integer(1)
        return true
      }
      #expect(wrong == [])
      var rest = there[...]
      for (index, run) in runs.enumerated() {
        // Without a hole from the first to the last that is there.
        let next = index + 1 < runs.count ? runs[index + 1].first : .max
        let own = rest.prefix { $0 < next }
        rest = rest.dropFirst(own.count)
        #expect(Array(own) == Array(run.first..<run.first + UInt64(own.count)))
        #expect(own.last ?? run.first - 1 >= run.stored)
      }
      #expect(rest.isEmpty)
    }
  }

  @Test(
    "kill -9 at any moment: an account that was answered is there, and no number is given twice")
  func accounts() throws {
    var random = SplitMix64(seed: seed())
    let directory = TemporaryDirectory()
    var answered: [String: String] = [:]
    var numbers: Set<String> = []
    for _ in 0..<Self.kills {
      let child = try Probe(
        "accounts", directory.path,
        seed: UInt64.random(in: 0...UInt64(UInt32.max), using: &random))
      var lines = Int.random(in: 1...40, using: &random)
      func note(_ line: String) {
        let words = line.split(separator: " ").map(String.init)
        let kind = words[0] == "there" ? "account" : "stream"
        #expect(numbers.insert("\(kind) \(words.last!)").inserted, "\(line)")
        if words.count == 3 { answered[words[1]] = words[2] }
      }
      while lines > 0, let line = child.readLine() {
        note(line)
        lines -= 1
      }
      child.kill()
      while let line = child.readLine() { note(line) }
      let store = try AccountStore(directory.path + "/accounts.db")
      for (name, id) in answered {
        #expect(store.read { $0.account(named: name)?.id } == Int64(id), "\(name)")
      }
      store.close()
    }
    #expect(!answered.isEmpty)
  }
}
