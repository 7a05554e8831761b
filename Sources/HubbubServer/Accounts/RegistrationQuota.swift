import IRCWire

/// How many accounts were registered lately, and from where. A value, guarded by the service's
/// lock.
struct RegistrationQuota {
  /// When each was made, in milliseconds of the monotonic clock.
  private var all: [Int64] = []
  private var byNetwork: [AddressRange: [Int64]] = [:]

  private static let (tenMinutes, day): (Int64, Int64) = (600_000, 86_400_000)

  /// Counts one, unless it is one too many.
  ///
  /// - Parameter address: nil for one that is not counted by its network.
  mutating func take(from address: String?, _ settings: AccountSettings, now: Int64) -> Bool {
    all.removeAll { now - $0 >= Self.tenMinutes }
    guard all.count < settings.perTenMinutes else { return false }
    if let network = address.flatMap(Self.network) {
      if byNetwork.count > 1000 { forget(now: now) }
      let recent = (byNetwork[network] ?? []).filter { now - $0 < Self.day }
      guard recent.count < settings.perNetworkAndDay else { return false }
      byNetwork[network] = recent + [now]
    }
    all.append(now)
    return true
  }

  /// Gives back what `take` counted: nothing came of it.
  mutating func giveBack(_ address: String?, at time: Int64) {
    if let index = all.lastIndex(of: time) { all.remove(at: index) }
    guard let network = address.flatMap(Self.network),
      let index = byNetwork[network]?.lastIndex(of: time)
    else { return }
    byNetwork[network]?.remove(at: index)
  }

  private mutating func forget(now: Int64) {
    byNetwork = byNetwork.filter { $0.value.contains { now - $0 < Self.day } }
  }

  private static func network(of address: String) -> AddressRange? {
    AddressRange("\(address)/\(address.contains(":") ? 64 : 24)")
  }
}
