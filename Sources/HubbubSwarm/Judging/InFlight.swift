/// Messages that were on their way when their sender's connection ended: the last of that
/// connection, behind all that anybody heard. They may never have reached the server, and nobody is
/// owed them.
struct InFlight: Sendable {
  /// For each sender their numbers, connection by connection.
  let bySender: [[ClosedRange<Int>]]

  var count: Int { bySender.joined().reduce(0) { $0 + $1.count } }

  /// - Parameters:
  ///   - senders: in the order of their places.
  ///   - testimonies: of everybody, who stayed or not: what one of them heard, others are owed.
  init(of senders: [Testimony], heardBy testimonies: [Testimony], ids: MessageIDs) {
    let ends = senders.map(Self.ends)
    var last = ends.map { Array(repeating: 0, count: $0.count) }
    if ends.contains(where: { !$0.isEmpty }) {
      for id in testimonies.lazy.map(\.arrivals.ids).joined() {
        let (sender, number) = (ids.sender(of: id), ids.number(of: id))
        guard let part = ends[sender].firstIndex(where: { number <= $0 }) else { continue }
        last[sender][part] = max(last[sender][part], number)
      }
    }
    bySender = zip(ends, last).map { ends, last in
      ends.indices.compactMap { part in
        let heard = max(last[part], part > 0 ? ends[part - 1] : 0)
        return heard < ends[part] ? heard + 1...ends[part] : nil
      }
    }
  }

  /// The last number written over each connection that ended.
  private static func ends(_ sender: Testimony) -> [Int] {
    sender.moves.map(\.sent) + (sender.ending == nil ? [] : [sender.sent.count])
  }
}
