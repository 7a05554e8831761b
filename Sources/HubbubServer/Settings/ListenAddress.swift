import HubbubSockets
import Yams

/// An address of the settings file's `listen`.
struct ListenAddress: Sendable, Equatable {
  var endpoint: Endpoint
  var isSecure = false
}

extension Configuration {
  /// The addresses without and with TLS as one list.
  var listeners: [ListenAddress] {
    get {
      endpoints.map { ListenAddress(endpoint: $0) }
        + secureEndpoints.map { ListenAddress(endpoint: $0, isSecure: true) }
    }
    set {
      endpoints = newValue.filter { !$0.isSecure }.map(\.endpoint)
      secureEndpoints = newValue.filter(\.isSecure).map(\.endpoint)
    }
  }
}

extension SettingsType where Value == ListenAddress {
  private static let table = SettingsRecord(
    initial: ListenAddress(endpoint: Endpoint(host: "", port: 0)),
    keys: [
      SettingsKey("address", \.endpoint, .endpoint, isRequired: true, "The address."),
      SettingsKey("tls", \.isSecure, .flag, "Whether TLS is spoken there."),
    ])

  /// An address alone, or a mapping with more about it.
  static let listener = Self(
    "an address, as in '127.0.0.1:6667', '*:6667' or '[::1]:6697', or {address: ADDRESS, tls: true}",
    read: { node, reading in
      if case .mapping = node { return table.read(node, "an address", &reading) }
      return SettingsType<Endpoint>.endpoint.read(node, &reading)
        .map { ListenAddress(endpoint: $0) }
    },
    write: { $0.isSecure ? table.write($0) : SettingsType<Endpoint>.endpoint.write($0.endpoint) })
}
