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

  /// The room of each sender, and its node; nil where it went on at another.
  let rooms: [Int]
  let nodes: [Int?]

  /// What nobody is owed, since it was on its way when a connection ended.
  let inFlight: InFlight

  var count: Int { due.count }

  /// - Parameter testimonies: of all bots. A sender whose connection broke for good counts with
  ///   what somebody heard of it: what it wrote last may never have reached the server.
  init(_ testimonies: [Testimony], ids: MessageIDs) {
    self.ids = ids
    let senders = testimonies.filter { $0.assignment.sender != nil }
      .sorted { $0.assignment.sender! < $1.assignment.sender! }
    rooms = senders.map(\.assignment.room)
    nodes = senders.map { $0.moves.isEmpty ? $0.assignment.node : nil }
    inFlight = InFlight(of: senders, heardBy: testimonies, ids: ids)
    for (index, testimony) in senders.enumerated() {
      let last = inFlight.bySender[index].last
      let isCutOff = testimony.ending != nil && last?.upperBound == testimony.sent.count
      let count = isCutOff ? last!.lowerBound - 1 : testimony.sent.count
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

  /// How many messages of one sender each of the others is owed.
  func owed(of sender: Int) -> Int {
    let messages = messages(of: sender).count
    // What was cut off at the end is not in the table.
    return messages
      - inFlight.bySender[sender].filter { $0.upperBound <= messages }.reduce(0) { $0 + $1.count }
  }
}
