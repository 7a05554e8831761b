/// At which node a message is heard first, and at which last, over the nodes that share its room.
///
/// Where several hear it at the same time, each has its part.
struct NodePlaces: Sendable, Equatable {
  /// By node: how many messages somebody there heard first, and last.
  private(set) var firsts: [Double]
  private(set) var lasts: [Double]

  /// By node: what would be its part if all were served by lot.
  private(set) var fair: [Double]
  private(set) var messages = 0

  init(nodes: Int) {
    firsts = Array(repeating: 0, count: nodes)
    lasts = firsts
    fair = firsts
  }

  /// Adds the messages of one room.
  ///
  /// - Parameter nodes: of each recipient.
  mutating func add(_ table: ArrivalTable, nodes: [Int]) {
    precondition(nodes.count == table.recipients, "A recipient is at no node.")
    var ranking = RowRanking(recipients: table.recipients)
    for message in 0..<table.messages {
      ranking.rank(table.row(message))
      guard let first = ranking.groups.first, let last = ranking.groups.last else { continue }
      messages += 1
      for who in ranking.order[first] { firsts[nodes[who]] += 1 / Double(first.count) }
      for who in ranking.order[last] { lasts[nodes[who]] += 1 / Double(last.count) }
      for who in ranking.order { fair[nodes[who]] += 1 / Double(ranking.order.count) }
    }
  }
}
