/// The latencies of a run, as they are collected.
struct LatencyTally: Sendable {
  var response = Latency()
  var service = Latency()

  /// The healthy bots' response times before and after the troublemakers began.
  var before = Latency()
  var with = Latency()

  /// The response times of each sender's messages.
  var bySender: [CoarseLatency]
  var timeline: Timeline

  init(_ evidence: Evidence, senders: Int) {
    bySender = Array(repeating: CoarseLatency(), count: senders)
    timeline = Timeline(evidence)
  }
}
