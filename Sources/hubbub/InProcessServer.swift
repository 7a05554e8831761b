import HubbubServer
import HubbubSockets
import Logging

/// A server inside this process, for a swarm that was given none to talk to.
struct InProcessServer {
  private let server: Server

  /// Starts it on a port of 127.0.0.1 that the system chooses. It logs nothing below warnings.
  ///
  /// - Parameter withWeb: whether it has a port for browsers as well.
  /// - Throws: `NetworkError`, `TLSError`, `SystemError`.
  static func start(
    _ configuration: Configuration = Configuration(), withWeb: Bool = false
  ) throws -> InProcessServer {
    var configuration = configuration
    let anyPort = Endpoint(host: "127.0.0.1", port: 0)
    configuration.endpoints = [anyPort]
    if configuration.tls != nil { configuration.secureEndpoints = [anyPort] }
    if withWeb {
      if configuration.tls == nil {
        configuration.webEndpoints = [anyPort]
      } else {
        configuration.secureWebEndpoints = [anyPort]
      }
    }
    var logger = Logger(label: "hubbub", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = .warning
    let server = try Server(configuration, logger: logger)
    try server.start()
    return InProcessServer(server: server)
  }

  /// Where it listens; with TLS where it has a certificate.
  var endpoint: Endpoint { server.secureEndpoints.first ?? server.endpoints[0] }

  /// Where browsers come, if they do.
  var webEndpoint: Endpoint? { server.webAddresses.first?.endpoint }

  /// Stops it and joins its threads. Call it once.
  func stop() { server.stop() }
}
