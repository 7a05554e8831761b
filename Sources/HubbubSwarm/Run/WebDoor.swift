import HubbubDial
import HubbubSockets

/// Where bots come as browsers do: by WebSocket.
public struct WebDoor: Sendable, Equatable {
  /// Who comes here.
  public enum Share: String, Sendable, CaseIterable {
    /// All bots.
    case all

    /// Every second bot of each room, so that those who come by WebSocket are compared with those
    /// who do not.
    case half
  }

  public var endpoint: Endpoint
  public var path: String
  public var share: Share

  public static let standardPath = "/irc"

  public init(_ endpoint: Endpoint, path: String = Self.standardPath, share: Share) {
    (self.endpoint, self.path, self.share) = (endpoint, path, share)
  }

  /// Reads `host`, `host:port`, with `/path` behind or not; nil for anything else.
  ///
  /// - Parameters:
  ///   - defaultHost: for a port alone, or a path alone.
  ///   - defaultPort: where none is named.
  public init?(_ text: String, defaultHost: String, defaultPort: UInt16, share: Share) {
    let address = text.prefix { $0 != "/" }
    let path = text.dropFirst(address.count)
    guard !path.contains(where: { $0.isWhitespace || !$0.isASCII }),
      let endpoint = address.isEmpty
        ? Endpoint(host: defaultHost, port: defaultPort)
        : Endpoint(String(address), defaultHost: defaultHost, defaultPort: defaultPort)
    else { return nil }
    self.init(endpoint, path: path.isEmpty ? Self.standardPath : String(path), share: share)
  }
}

extension Plan {
  /// Connects to a node, by the one door or the other. Waits for the server.
  ///
  /// - Throws: as `LineConnection.open`.
  func open(
    byWeb: Bool, node: Int = 0, limit: Duration = .seconds(10)
  ) throws -> LineConnection {
    guard byWeb, let web else {
      return try LineConnection.open(target(node), tls: tls, limit: limit)
    }
    return try LineConnection.open(web.endpoint, tls: tls, web: web.path, limit: limit)
  }

  /// Whether those who are no bots of a room come by the web door: only where nobody comes by
  /// another.
  var isAllWeb: Bool { web?.share == .all }
}
