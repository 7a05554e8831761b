import HubbubSockets
import Yams

/// An address of the settings file's `listen`.
struct ListenAddress: Sendable, Equatable {
  var endpoint: Endpoint
  var kind = Door.Kind()
}

extension Configuration {
  private static let kinds: [(Door.Kind, WritableKeyPath<Configuration, [Endpoint]> & Sendable)] = [
    (Door.Kind(), \.endpoints), (Door.Kind(isSecure: true), \.secureEndpoints),
    (Door.Kind(isForProxies: true), \.proxiedEndpoints),
    (Door.Kind(isSecure: true, isForProxies: true), \.proxiedSecureEndpoints),
  ]

  private static let webKinds:
    [(Door.Kind, WritableKeyPath<Configuration, [Endpoint]> & Sendable)] =
      [
        (Door.Kind(isForWeb: true), \.webEndpoints),
        (Door.Kind(isSecure: true, isForWeb: true), \.secureWebEndpoints),
      ]

  /// What is wrong with where it listens: addresses that are there twice.
  public var listenFaults: [String] { ListenClash.all(in: listeners).map(\.description) }

  /// All addresses as one list.
  var listeners: [ListenAddress] { chatListeners + webListeners }

  /// Those for clients.
  var chatListeners: [ListenAddress] {
    get { listeners(Self.kinds) }
    set { listen(at: newValue, Self.kinds) }
  }

  /// Those for browsers.
  var webListeners: [ListenAddress] {
    get { listeners(Self.webKinds) }
    set { listen(at: newValue, Self.webKinds) }
  }

  private typealias Kinds = [(Door.Kind, WritableKeyPath<Configuration, [Endpoint]> & Sendable)]

  private func listeners(_ kinds: Kinds) -> [ListenAddress] {
    kinds.flatMap { kind, path in
      self[keyPath: path].map { ListenAddress(endpoint: $0, kind: kind) }
    }
  }

  private mutating func listen(at listeners: [ListenAddress], _ kinds: Kinds) {
    for (kind, path) in kinds {
      self[keyPath: path] = listeners.filter { $0.kind == kind }.map(\.endpoint)
    }
  }
}

extension SettingsType where Value == [ListenAddress] {
  /// Addresses, each of them once.
  static let listeners = listeners(.listener)

  /// The same for browsers.
  static let webListeners = listeners(.webListener)

  private static func listeners(_ listener: SettingsType<ListenAddress>) -> Self {
    let list = list(of: listener)
    return Self(
      list.expectation, options: list.options,
      read: { node, reading in
        guard let listeners = list.read(node, &reading) else { return nil }
        for clash in ListenClash.all(in: listeners) {
          reading.note("\(clash)", at: mark(of: clash, in: node, count: listeners.count))
        }
        return listeners
      }, write: list.write)
  }

  /// Where the second stands, if all could be read.
  private static func mark(of clash: ListenClash, in node: Node, count: Int) -> Mark? {
    guard let elements = node.sequence, elements.count == count else { return node.mark }
    return elements[clash.second].mark
  }
}

extension SettingsType where Value == ListenAddress {
  private static let table = SettingsRecord(
    initial: ListenAddress(endpoint: Endpoint(host: "", port: 0)),
    keys: [
      SettingsKey("address", \.endpoint, .endpoint, isRequired: true, "The address."),
      SettingsKey("tls", \.kind.isSecure, .flag, "Whether TLS is spoken there."),
      SettingsKey(
        "proxy", \.kind.isForProxies, .flag,
        "Whether proxies come there, which say first for whom (PROXY protocol, version 1 or 2)."),
    ])

  /// An address alone, or a mapping with more about it.
  static let listener = Self(
    "an address, as in '127.0.0.1:6667', '*:6667' or '[::1]:6697', a port, "
      + "or {address: ADDRESS, tls: true}",
    options: table.options.map { ".\($0)" },
    read: { node, reading in
      if case .mapping = node { return table.read(node, "an address", &reading) }
      return SettingsType<Endpoint>.endpoint.read(node, &reading)
        .map { ListenAddress(endpoint: $0) }
    },
    write: {
      $0.kind != Door.Kind() ? table.write($0) : SettingsType<Endpoint>.endpoint.write($0.endpoint)
    })

  private static let webTable = SettingsRecord(
    initial: ListenAddress(
      endpoint: Endpoint(host: "", port: 0), kind: Door.Kind(isForWeb: true)),
    keys: [
      SettingsKey("address", \.endpoint, .webEndpoint, isRequired: true, "The address."),
      SettingsKey("tls", \.kind.isSecure, .flag, "Whether TLS is spoken there."),
    ])

  /// An address for browsers.
  static let webListener = Self(
    "an address, as in '127.0.0.1:8080' or '*:8080', a port, or {address: ADDRESS, tls: true}",
    options: webTable.options.map { ".\($0)" },
    read: { node, reading in
      if case .mapping = node { return webTable.read(node, "an address", &reading) }
      return SettingsType<Endpoint>.webEndpoint.read(node, &reading)
        .map { ListenAddress(endpoint: $0, kind: Door.Kind(isForWeb: true)) }
    },
    write: {
      $0.kind.isSecure
        ? webTable.write($0) : SettingsType<Endpoint>.webEndpoint.write($0.endpoint)
    })
}
