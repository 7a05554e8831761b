import HubbubThreads

/// What went wrong on the way to or from the network, in words for people.
public enum NetworkError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The name stands for no address.
  case unknownHost(String, reason: String)

  /// Nobody could be reached there.
  case cannotConnect(Endpoint, SystemError)

  /// The server cannot listen there.
  case cannotListen(Endpoint, SystemError)

  public var description: String {
    switch self {
    case .unknownHost(let host, let reason): "The host \(host) was not found: \(reason)."
    case .cannotConnect(let endpoint, let error):
      "No connection to \(endpoint): \(error.reason)."
    case .cannotListen(let endpoint, let error):
      "Cannot listen on \(endpoint): \(error.reason)."
    }
  }
}
