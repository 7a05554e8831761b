extension Plan {
  /// Why a plan cannot be carried out, in words for people.
  public struct Unsuitable: Error, CustomStringConvertible, Equatable {
    public let description: String
  }

  /// The greatest text that fits into a line of 512 bytes beside the longest prefix of a server's.
  static let greatestTextBytes = 400

  /// - Throws: `Unsuitable` with what is wrong.
  public func check() throws(Unsuitable) {
    try require((1...2_000).contains(bots), "A swarm has 1 to 2,000 bots.")
    try require((1...bots).contains(rooms), "There must be a bot for each room.")
    try require((0...1_000).contains(observers), "A room has 0 to 1,000 observers.")
    try require((0...60_000).contains(idle), "There are 0 to 60,000 idle clients.")
    try require((0...100).contains(stalled), "There are 0 to 100 stalled readers.")
    try require(warmUp >= .zero, "The warm-up cannot be negative.")
    let sizes = Payload.leastBytes...Self.greatestTextBytes
    try require(
      sizes.contains(textBytes),
      "A message has \(sizes.lowerBound) to \(sizes.upperBound) bytes of text.")
    if let flooderFactor {
      try require(flooderFactor >= 1, "A flooder sends at least as much as a bot.")
    }
    try require(
      !isAllWeb || idle == 0, "Idle clients do not come by WebSocket: leave out one of the two.")
    try checkNodes()
    try checkLoad()
  }

  private func checkNodes() throws(Unsuitable) {
    try require(targets.count <= 100, "A swarm goes to at most 100 nodes.")
    try require(bots >= targets.count, "There must be a bot for each node.")
    try require(
      !hasNodes || web == nil,
      "Where browsers come is known of one server only: leave out --web or --nodes.")
    guard hasFailover else { return }
    try require(
      hasNodes, "To go on at another node there must be one: name them with --nodes.")
    guard case .rate = load else {
      throw Unsuitable(
        description: "Messages that die with a node open no window: leave out --saturate or "
          + "--failover.")
    }
  }

  private func checkLoad() throws(Unsuitable) {
    switch load {
    case .rate(let rate):
      try require(rate > 0 && rate.isFinite, "The rate must be above 0 messages a second.")
    case .saturate(let window):
      try require((1...1_000).contains(window), "A window holds 1 to 1,000 messages.")
      try require(
        observers > 0, "Without a schedule a room needs an observer, who opens the windows.")
    }
    switch length {
    case .duration(let duration):
      try require(duration > .zero, "A run takes more than no time.")
    case .messages(let messages):
      try require(messages >= bots, "Each bot sends at least one message.")
    }
  }

  private func require(_ condition: Bool, _ otherwise: String) throws(Unsuitable) {
    guard condition else { throw Unsuitable(description: otherwise) }
  }
}
