/// The latencies at each of several nodes, and who hears first, as they are collected.
struct NodeTally: Sendable {
  private var nodes: [Node]
  private var places: NodePlaces

  private struct Node: Sendable {
    var recipients = 0
    var response = Latency()

    /// What was said at this node, and what was said at others.
    var own = CoarseLatency()
    var other = CoarseLatency()
  }

  /// - Parameter nodes: how many; of a single one nothing is collected.
  init(nodes: Int) {
    self.nodes = nodes > 1 ? Array(repeating: Node(), count: nodes) : []
    places = NodePlaces(nodes: nodes)
  }

  /// Whether there are several.
  var isKept: Bool { !nodes.isEmpty }

  /// Records the time that a message took which was said at one node and heard at another.
  @inline(__always)
  mutating func record(_ span: Nanoseconds, from: Int, to node: Int) {
    guard isKept else { return }
    if from == node { nodes[node].own.record(span) } else { nodes[node].other.record(span) }
  }

  /// Adds all that one recipient heard.
  mutating func add(_ response: Latency, at node: Int) {
    guard isKept else { return }
    nodes[node].recipients += 1
    nodes[node].response.add(response)
  }

  /// Adds when the recipients of a room heard its messages.
  mutating func add(_ table: ArrivalTable, nodes: [Int]) {
    if isKept { places.add(table, nodes: nodes) }
  }

  func figures(_ targets: [String]) -> [NodeFigures] {
    let messages = Double(max(places.messages, 1))
    return zip(targets, nodes).enumerated().map { index, node in
      let (address, tally) = node
      return NodeFigures(
        address: address, recipients: tally.recipients, response: tally.response.percentiles,
        ownP50: tally.own.count > 0 ? tally.own.quantile(0.5) : nil,
        otherP50: tally.other.count > 0 ? tally.other.quantile(0.5) : nil,
        firstShare: places.firsts[index] / messages, lastShare: places.lasts[index] / messages,
        fairShare: places.fair[index] / messages)
    }
  }
}
