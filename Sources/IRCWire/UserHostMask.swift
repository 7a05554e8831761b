/// A mask of `user@host`, as in `*@192.0.2.0/24` or `ann@*.example`.
public struct UserHostMask: Sendable, Hashable, CustomStringConvertible {
  public let user: UserMask
  public let host: HostMask

  public init(user: UserMask, host: HostMask) {
    self.user = user
    self.host = host
  }

  /// Reads `user@host`; a host, an address or a network alone is everybody's there.
  public init(completing text: String, _ limits: MaskLimits = MaskLimits()) throws(MaskFault) {
    guard text.utf8.count <= limits.maskBytes else { throw .tooLong(limit: limits.maskBytes) }
    guard !text.isEmpty else { throw .empty(nil) }
    guard !text.utf8.contains(0x21) else { throw .hasNickname(text) }
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 {
      try self.init(user: String(parts[0]), host: String(parts[1]), limits)
    } else {
      guard HostMask.isMeant(by: text) else { throw .noHost(text) }
      try self.init(user: "*", host: IPAddress.restoringColon(of: text), limits)
    }
  }

  /// Everybody from an address.
  public init(everybodyFrom address: IPAddress) {
    self.init(user: .any, host: .network(AddressRange(address)))
  }

  init(user: String, host: String, _ limits: MaskLimits) throws(MaskFault) {
    self.user = try UserMask(user, limits)
    self.host = try HostMask(host, limits)
  }

  public var description: String { "\(user)@\(host)" }

  /// Whether it is of somebody.
  public func matches(_ subject: MaskSubject) -> Bool {
    host.matches(subject) && user.matches(subject)
  }

  /// Whether it leaves hardly anybody out: it names neither a user nor a host.
  public var isEverybody: Bool {
    guard !user.description.contains(where: \.isNameCharacter) else { return false }
    switch host {
    case .network(let range): return range.isEverything
    case .pattern(let mask): return !mask.description.contains(where: \.isNameCharacter)
    }
  }
}

extension Character {
  fileprivate var isNameCharacter: Bool { isLetter || isNumber }
}
