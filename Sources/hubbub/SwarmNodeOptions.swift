import ArgumentParser
import HubbubSockets
import HubbubSwarm

/// Whether the bots are spread over several nodes that share their rooms.
struct SwarmNodeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Nodes that share their rooms, with commas between them, instead of one server: the bots of \
      each room are spread over them evenly. --pid is that of any one. Who is served how is judged \
      among those of one node, and told from node to node.
      """, valueName: "host:port,host:port"))
  var nodes: String?

  @Flag(
    help: """
      A bot whose node dies (you kill it) goes on at the next one, and asks for what it missed \
      (M10, with draft/chathistory). What was on its way and nobody heard may be lost, and is \
      counted.
      """)
  var failover = false

  func validate() throws {
    guard nodes != nil else {
      guard !failover else { throw ValidationError("--failover needs --nodes.") }
      return
    }
    let endpoints = try endpoints(defaultPort: 6667)
    guard endpoints.count > 1 else {
      throw ValidationError("--nodes takes at least two addresses; one is given without --nodes.")
    }
    for (index, endpoint) in endpoints.enumerated() where endpoints[..<index].contains(endpoint) {
      throw ValidationError("--nodes names \(endpoint) twice.")
    }
  }

  func apply(to plan: inout Plan) {
    plan.hasFailover = failover
    // A node counts as dead after 10 s, and an election may come first: no message is lost so soon.
    if failover { plan.patience = .seconds(15) }
  }

  /// The addresses in their order; none where no nodes are named.
  ///
  /// - Parameter defaultPort: where none is named.
  func endpoints(defaultPort: UInt16) throws -> [Endpoint] {
    guard let nodes else { return [] }
    return try nodes.split(separator: ",", omittingEmptySubsequences: false).map { text in
      guard let endpoint = Endpoint(String(text), defaultPort: defaultPort) else {
        throw ValidationError("'\(text)' is no address of a node; try 127.0.0.1:6667.")
      }
      return endpoint
    }
  }
}
