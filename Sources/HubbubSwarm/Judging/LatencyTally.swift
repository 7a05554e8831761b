/// The latencies of a run, as they are collected.
struct LatencyTally: Sendable {
  var response = Latency()
  var service = Latency()

  /// The healthy bots' response times before and after the troublemakers began.
  var before = Latency()
  var with = Latency()

  /// The same by slots of a quarter of a second, from the beginning of the measured time.
  var slots: [CoarseLatency] = []
  static let slot = Nanoseconds.perSecond / 4

  /// Records the time that a healthy message took that was due so long after the measured time
  /// began.
  mutating func record(_ span: Nanoseconds, inSlotAt offset: Nanoseconds) {
    let index = Int(offset / Self.slot)
    while slots.count <= index { slots.append(CoarseLatency()) }
    slots[index].record(span)
  }

  /// The response times of each sender's messages.
  var bySender: [CoarseLatency]
  var timeline: Timeline

  /// By node, where there are several.
  var nodes: NodeTally

  init(_ evidence: Evidence, senders: Int) {
    bySender = Array(repeating: CoarseLatency(), count: senders)
    timeline = Timeline(evidence)
    nodes = NodeTally(nodes: evidence.plan.targets.count)
  }
}
