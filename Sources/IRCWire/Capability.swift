/// The IRCv3 capabilities that Hubbub knows, as a set.
public struct Capability: OptionSet, Sendable, Hashable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let messageTags = Capability(rawValue: 1 << 0)
  public static let serverTime = Capability(rawValue: 1 << 1)
  public static let echoMessage = Capability(rawValue: 1 << 2)
  public static let multiPrefix = Capability(rawValue: 1 << 3)
  public static let capNotify = Capability(rawValue: 1 << 4)

  /// Each with its name on the wire, in the order of `CAP LS`.
  public static let names: [(capability: Capability, name: String)] = [
    (.capNotify, "cap-notify"),
    (.echoMessage, "echo-message"),
    (.messageTags, "message-tags"),
    (.multiPrefix, "multi-prefix"),
    (.serverTime, "server-time"),
  ]

  /// The capability called `name` on the wire (without a value); nil for one that Hubbub does not know.
  public init?(named name: String) {
    guard let found = Self.names.first(where: { $0.name == name }) else { return nil }
    self = found.capability
  }

  /// The names of those in the set.
  public var wireNames: [String] { Self.names.filter { contains($0.capability) }.map(\.name) }
}
