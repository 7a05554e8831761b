/// All that masks know somebody by: the nickname, every user name and host it has had here, and the
/// address.
///
/// Any user name goes with any host: nobody gets rid of a ban by another host.
public struct MaskSubject: Sendable {
  let nickname: String

  /// With the tilde that says that nobody has checked the name, and without.
  let users: [String]

  /// With every spelling of the address.
  let hosts: [String]
  let addresses: [IPAddress]

  /// The account's name; nil for a guest.
  let account: String?

  public init(
    nickname: String, users: [String], hosts: [String], address: IPAddress?,
    account: String? = nil
  ) {
    self.nickname = nickname
    self.account = account
    self.users = Self.distinct(users + users.map(UserMask.withoutTilde))
    self.hosts = Self.distinct(hosts + (address?.spellings ?? []))
    // A host that an operator of the server gave may look like an address.
    addresses = Self.distinct([address].compactMap { $0 } + hosts.compactMap { IPAddress($0) })
  }

  private static func distinct<Element: Equatable>(_ elements: [Element]) -> [Element] {
    elements.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
