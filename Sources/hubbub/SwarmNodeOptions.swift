import ArgumentParser
import HubbubSockets

/// Whether the bots are spread over several nodes that share their rooms.
struct SwarmNodeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Nodes that share their rooms, with commas between them, instead of one server: the bots of \
      each room are spread over them evenly. --pid is of the first. Who is served how is judged \
      among those of one node, and told from node to node.
      """, valueName: "host:port,host:port"))
  var nodes: String?

  func validate() throws {
    guard nodes != nil else { return }
    let endpoints = try endpoints(defaultPort: 6667)
    guard endpoints.count > 1 else {
      throw ValidationError("--nodes takes at least two addresses; one is given without --nodes.")
    }
    for (index, endpoint) in endpoints.enumerated() where endpoints[..<index].contains(endpoint) {
      throw ValidationError("--nodes names \(endpoint) twice.")
    }
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
