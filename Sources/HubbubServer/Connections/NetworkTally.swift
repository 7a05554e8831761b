import IRCWire

/// How many connections each network has, and how many are new. A value, guarded by the table's
/// lock.
///
/// Only what is limited is counted: connections of classes without a limit never come here.
struct NetworkTally {
  private var networks: [AddressRange: Entry] = [:]

  private struct Entry {
    var connected = 0

    /// New ones since `windowStart`.
    var connects = 0
    var windowStart: Int64
  }

  private static let windowMilliseconds: Int64 = 10_000

  /// Counts a connection in.
  ///
  /// - Returns: whether it was counted; then `dismiss` must follow.
  @discardableResult
  mutating func admit(
    from address: String, _ limits: Limits, now: Int64
  ) throws(ClientTable.Refusal) -> Bool {
    guard let network = Self.network(of: address) else { return false }
    var entry = networks[network] ?? Entry(windowStart: now)
    if now - entry.windowStart >= Self.windowMilliseconds {
      entry.windowStart = now
      entry.connects = 0
    }
    if entry.connected >= limits.clientsPerNetwork { throw .tooManyFromNetwork }
    // Counted though it is refused: who goes on knocking is not let in meanwhile.
    entry.connects += 1
    defer { networks[network] = entry }
    if entry.connects > limits.connectsPerNetwork { throw .tooFast }
    entry.connected += 1
    return true
  }

  /// Counts a connection out that was counted in.
  mutating func dismiss(_ address: String) {
    guard let network = Self.network(of: address), var entry = networks[network],
      entry.connected > 0
    else { return }
    entry.connected -= 1
    networks[network] = entry
  }

  /// Forgets networks of which nobody is here and has come lately.
  mutating func forgetOldConnects(now: Int64) {
    networks = networks.filter {
      $0.value.connected > 0 || now - $0.value.windowStart < Self.windowMilliseconds
    }
  }

  /// The /24 of an IPv4 address, the /64 of an IPv6 one: what one subscriber usually has.
  private static func network(of address: String) -> AddressRange? {
    AddressRange("\(address)/\(address.contains(":") ? 64 : 24)")
  }
}
