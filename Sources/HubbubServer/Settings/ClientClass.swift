/// Clients that are limited in another way than all others, and who they are.
///
/// The first class that a client belongs to counts.
public struct ClientClass: Sendable, Equatable {
  public var name: String

  /// Addresses and networks (CIDR) whose clients belong to it.
  public var addresses: [String]

  /// Whether operators of the server belong to it.
  public var includesOperators: Bool

  /// Whether programs (user mode `+B`) belong to it.
  public var includesBots: Bool

  /// Whether they are throttled at all.
  public var isThrottled: Bool

  /// Lines that may come at once; nil as for all others.
  public var burstLines: Int?

  /// Lines a second after those; nil as for all others.
  public var linesPerSecond: Int?

  /// Connections from one address; nil as for all others, 0 for any number.
  public var clientsPerAddress: Int?

  public init(
    name: String, addresses: [String] = [], includesOperators: Bool = false,
    includesBots: Bool = false, isThrottled: Bool = true, burstLines: Int? = nil,
    linesPerSecond: Int? = nil, clientsPerAddress: Int? = nil
  ) {
    self.name = name
    self.addresses = addresses
    self.includesOperators = includesOperators
    self.includesBots = includesBots
    self.isThrottled = isThrottled
    self.burstLines = burstLines
    self.linesPerSecond = linesPerSecond
    self.clientsPerAddress = clientsPerAddress
  }

  /// Whether anybody can belong to it.
  var hasMembers: Bool { !addresses.isEmpty || includesOperators || includesBots }

  /// Bots and tools on the server's own machine, and those who run it, are not slowed down.
  public static let usual = [
    ClientClass(
      name: "local", addresses: ["127.0.0.0/8", "::1"], isThrottled: false, clientsPerAddress: 0),
    ClientClass(name: "operators", includesOperators: true, isThrottled: false),
  ]
}
