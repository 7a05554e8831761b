import ArgumentParser
import HubbubSockets
import HubbubSwarm

/// Whether bots come as browsers do.
struct SwarmWebOptions: ParsableArguments {
  @Option(
    help: """
      Who comes by WebSocket, as browsers do: all bots, or half of each room's, so that one sees \
      whether both are treated alike. They are called web-….
      """)
  var web: WebDoor.Share?

  @Option(
    help: ArgumentHelp(
      """
      With --web: where the server takes WebSockets. The same host, port 8080 (443 with TLS) and \
      /irc where nothing else is named.
      """, valueName: "host[:port][/path]"))
  var webAddress: String?

  func validate() throws {
    guard let webAddress else { return }
    guard web != nil else { throw ValidationError("--web-address needs --web all or --web half.") }
    guard door(beside: Endpoint(host: "127.0.0.1", port: 0), isSecure: false) != nil else {
      throw ValidationError("'\(webAddress)' is no address; try 127.0.0.1:8080/irc.")
    }
  }

  /// - Parameter endpoint: the server's for IRC.
  /// - Returns: nil where all come by IRC itself.
  func door(beside endpoint: Endpoint, isSecure: Bool) -> WebDoor? {
    guard let web else { return nil }
    let port: UInt16 = isSecure ? 443 : 8080
    return WebDoor(
      webAddress ?? WebDoor.standardPath, defaultHost: endpoint.host, defaultPort: port, share: web)
  }
}

extension WebDoor.Share: ExpressibleByArgument {}
