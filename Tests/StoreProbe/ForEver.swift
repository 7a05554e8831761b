import Glibc
import HubbubStore

extension StoreProbe {
  /// What the `sequence`th message of a stream says: it tells whether it is whole.
  static func text(_ stream: Int64, _ sequence: UInt64) -> String {
    "\(stream)/\(sequence) " + String(repeating: "x", count: Int(sequence % 400)) + " end"
  }

  /// Stores messages of three streams, and says `begun <stream> <first>` and, once they are
  /// committed, `stored <stream> <last>`.
  static func storeForEver(_ directory: String, seed: UInt64) throws {
    var configuration = HistoryWriter.Configuration()
    configuration.batchDelay = .milliseconds(5)
    configuration.retention = Retention(messages: nil, events: nil)
    let store = try HistoryStore(directory + "/history.db", configuration) { _ in }
    var random = LinearGenerator(state: seed)
    var next: [UInt64] = []
    for number in 1...3 {
      let start = try store.begin(
        StreamID(rawValue: Int64(number)), epoch: "\(seed)-\(number)")
      say("begun \(number) \(start.sequence)")
      next.append(start.sequence)
    }
    while true {
      for _ in 0..<Int(random.next() % 200) {
        let number = Int(random.next() % 3)
        let stream = StreamID(rawValue: Int64(number + 1))
        let text = text(stream.rawValue, next[number])
        store.writer.add(
          StoredEntry(
            key: MessageKey(stream, next[number]), time: now(), source: "ann!a@host",
            account: Int64(number), text: Array(text.utf8)))
        next[number] += 1
      }
      if random.next() % 4 == 0 { store.writer.settle() }
      guard store.writer.flush(upTo: .seconds(60)) else { exit(1) }
      for number in 0..<3 { say("stored \(number + 1) \(next[number] - 1)") }
    }
  }

  /// Milliseconds since 1970.
  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Registers accounts and says `there <name>` once each is answered.
  static func registerForEver(_ directory: String, seed: UInt64) throws {
    let store = try AccountStore(directory + "/accounts.db")
    var count = 0
    while true {
      let name = "n\(seed)-\(count)"
      count += 1
      let account = try store.register(name, StoredPassword(hash: "h", scram: nil), actor: "x").0
      say("there \(name) \(account.id)")
      say("stream \(try store.conversation(.init(account.id, account.id + 1)).rawValue)")
      if count % 20 == 0 { _ = try? store.makeDailyCopy() }
    }
  }
}

/// Chance that needs no library: Knuth's linear congruence, of which the high bits are used.
struct LinearGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}
