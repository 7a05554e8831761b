import IRCWire

/// Whom the server believes that others come through them, as it is asked for: with the addresses
/// read once. A value.
struct TrustedPeers: Sendable {
  private let proxies: [AddressRange]

  /// Who is believed at the web ports.
  let webProxies: [AddressRange]
  private let gateways: [(gateway: Gateway, ranges: [AddressRange])]

  init(_ configuration: Configuration) {
    proxies = configuration.proxies.compactMap { AddressRange($0) }
    webProxies = configuration.webProxies.compactMap { AddressRange($0) }
    gateways = configuration.gateways.map { ($0, $0.addresses.compactMap { AddressRange($0) }) }
  }

  /// Whether an address is a proxy's.
  func isProxy(_ address: String) -> Bool { Self.contains(proxies, address) }

  /// Whether an address is that of a proxy before the web ports.
  func isWebProxy(_ address: String) -> Bool { Self.contains(webProxies, address) }

  /// The gateways that may come from an address.
  func gateways(at address: String) -> [Gateway] {
    if gateways.isEmpty { return [] }
    return gateways.filter { Self.contains($0.ranges, address) }.map(\.gateway)
  }

  private static func contains(_ ranges: [AddressRange], _ address: String) -> Bool {
    ranges.contains { $0.contains(address) }
  }
}
