/// Every message of a run at one index: sender after sender, each in the order of its numbers.
struct MessageTable: Sendable {
  let ids: MessageIDs
  private(set) var due: [Nanoseconds] = []
  private(set) var written: [Nanoseconds] = []

  /// When the server could have each message: when it was written; or when it was due, where the
  /// server had stopped reading. What the swarm was late by itself is not in it.
  private(set) var started: [Nanoseconds] = []

  /// The sender of each message.
  private(set) var sender: [UInt16] = []

  /// For each sender, the index of its first message, and one more for the end.
  private(set) var starts: [Int] = [0]

  /// The room of each sender, and its node.
  let rooms: [Int]
  let nodes: [Int]

  var count: Int { due.count }

  /// - Parameter testimonies: of all bots. A sender whose connection broke counts with what
  ///   somebody heard of it: what it wrote last may never have reached the server.
  init(_ testimonies: [Testimony], ids: MessageIDs) {
    self.ids = ids
    let senders = testimonies.filter { $0.assignment.sender != nil }
      .sorted { $0.assignment.sender! < $1.assignment.sender! }
    rooms = senders.map(\.assignment.room)
    nodes = senders.map(\.assignment.node)
    let heard = Self.lastHeard(testimonies, ids: ids, onlyOf: senders)
    for (index, testimony) in senders.enumerated() {
      let count =
        testimony.ending == nil ? testimony.sent.count : min(heard[index], testimony.sent.count)
      due += testimony.sent.due.prefix(count)
      written += testimony.sent.written.prefix(count)
      started += (0..<count).map {
        testimony.sent.heldBack[$0] ? testimony.sent.due[$0] : testimony.sent.written[$0]
      }
      sender += Array(repeating: UInt16(index), count: count)
      starts.append(due.count)
    }
  }

  /// The index of a message; nil where it was never sent.
  @inline(__always)
  func index(of id: UInt32) -> Int? {
    let sender = ids.sender(of: id)
    let index = starts[sender] + ids.number(of: id) - 1
    return index < starts[sender + 1] ? index : nil
  }

  /// The messages of one sender.
  func messages(of sender: Int) -> Range<Int> { starts[sender]..<starts[sender + 1] }

  /// The last number of each sender that anybody heard; only where a sender's connection broke.
  private static func lastHeard(
    _ testimonies: [Testimony], ids: MessageIDs, onlyOf senders: [Testimony]
  ) -> [Int] {
    var last = Array(repeating: 0, count: senders.count)
    guard senders.contains(where: { $0.ending != nil }) else { return last }
    for testimony in testimonies {
      for id in testimony.arrivals.ids {
        last[ids.sender(of: id)] = max(last[ids.sender(of: id)], ids.number(of: id))
      }
    }
    return last
  }
}
