import HubbubSockets
import HubbubWeb
import Logging

/// One way into the server: a listener, and how those begin who come there.
struct Door: Sendable {
  let listener: Listener
  let kind: Kind

  struct Kind: Sendable, Equatable {
    /// Whether those who come are to encrypt.
    var isSecure = false

    /// Whether proxies come there, who say first for whom (PROXY protocol).
    var isForProxies = false

    /// Whether browsers come there, and HTTP is spoken.
    var isForWeb = false

    /// What is said to whoever cannot be let in; nothing where it could not be read before a
    /// handshake.
    func refusal(_ address: String, _ reason: String) -> [UInt8] {
      if isSecure { return [] }
      if isForWeb {
        return WebConnection.bytes(of: HTTPResponse(.serviceUnavailable, text: reason))
      }
      return Client.farewell(address, reason)
    }
  }

  /// For the log.
  var description: Logger.Metadata {
    var description: Logger.Metadata = ["on": "\(listener.endpoint)"]
    if kind.isSecure { description["tls"] = "true" }
    if kind.isForProxies { description["for"] = "proxies" }
    if kind.isForWeb { description["for"] = "web" }
    return description
  }

  /// Opens all that the settings name.
  ///
  /// - Throws: `NetworkError`, `SystemError`.
  static func open(_ configuration: Configuration) throws -> [Door] {
    try configuration.listeners.flatMap { address in
      try Listener.open(address.endpoint).map { Door(listener: $0, kind: address.kind) }
    }
  }
}
