/// The IRCv3 capabilities that Hubbub knows, as a set.
public struct Capability: OptionSet, Sendable, Hashable {
  public let rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }

  public static let messageTags = Capability(rawValue: 1 << 0)
  public static let serverTime = Capability(rawValue: 1 << 1)
  public static let echoMessage = Capability(rawValue: 1 << 2)
  public static let multiPrefix = Capability(rawValue: 1 << 3)
  public static let capNotify = Capability(rawValue: 1 << 4)
  public static let batch = Capability(rawValue: 1 << 5)
  public static let labeledResponse = Capability(rawValue: 1 << 6)
  public static let accountTag = Capability(rawValue: 1 << 7)
  public static let accountNotify = Capability(rawValue: 1 << 8)
  public static let extendedJoin = Capability(rawValue: 1 << 9)
  public static let awayNotify = Capability(rawValue: 1 << 10)
  public static let changeHost = Capability(rawValue: 1 << 11)
  public static let setName = Capability(rawValue: 1 << 12)
  public static let inviteNotify = Capability(rawValue: 1 << 13)
  public static let userHostInNames = Capability(rawValue: 1 << 14)
  public static let standardReplies = Capability(rawValue: 1 << 15)
  public static let extendedMonitor = Capability(rawValue: 1 << 16)
  public static let multiline = Capability(rawValue: 1 << 17)
  public static let channelRename = Capability(rawValue: 1 << 18)
  public static let messageRedaction = Capability(rawValue: 1 << 19)

  /// Strict transport security: a policy that is announced and cannot be requested.
  public static let strictTransport = Capability(rawValue: 1 << 20)

  public static let relayMessage = Capability(rawValue: 1 << 21)

  public static let accountRegistration = Capability(rawValue: 1 << 40)
  public static let sasl = Capability(rawValue: 1 << 41)
  public static let chatHistory = Capability(rawValue: 1 << 42)
  public static let eventPlayback = Capability(rawValue: 1 << 43)
  public static let search = Capability(rawValue: 1 << 44)
  public static let readMarker = Capability(rawValue: 1 << 46)
  public static let preAway = Capability(rawValue: 1 << 45)

  public static let metadata2 = Capability(rawValue: 1 << 47)
  public static let metadata3 = Capability(rawValue: 1 << 48)

  /// Both versions of `draft/metadata`.
  public static let ofMetadata: Capability = [.metadata2, .metadata3]

  /// Those that are there where the server remembers what was said.
  public static let ofHistory: Capability = [.chatHistory, .eventPlayback, .search]

  /// No capability of the protocol: a person with a bare terminal, who reads text instead of lines.
  public static let bareTerminal = Capability(rawValue: 1 << 63)

  /// No capabilities of the protocol: a browser, which reads each line as a frame of a WebSocket,
  /// as text or as bytes. They last as long as the connection.
  public static let webText = Capability(rawValue: 1 << 62)
  public static let webBinary = Capability(rawValue: 1 << 61)

  /// Those that say in what the lines are wrapped, and change a byte of all that is written.
  public static let forms: Capability = [.bareTerminal, .webText, .webBinary]

  /// Each with its name on the wire, in the order of `CAP LS`.
  public static let names: [(capability: Capability, name: String)] = [
    (.accountNotify, "account-notify"),
    (.accountTag, "account-tag"),
    (.awayNotify, "away-notify"),
    (.batch, "batch"),
    (.capNotify, "cap-notify"),
    (.changeHost, "chghost"),
    (.accountRegistration, "draft/account-registration"),
    (.channelRename, "draft/channel-rename"),
    (.chatHistory, "draft/chathistory"),
    (.eventPlayback, "draft/event-playback"),
    (.messageRedaction, "draft/message-redaction"),
    (.metadata2, "draft/metadata-2"),
    (.metadata3, "draft/metadata-3"),
    (.multiline, "draft/multiline"),
    (.preAway, "draft/pre-away"),
    (.readMarker, "draft/read-marker"),
    (.relayMessage, "draft/relaymsg"),
    (.echoMessage, "echo-message"),
    (.extendedJoin, "extended-join"),
    (.extendedMonitor, "extended-monitor"),
    (.inviteNotify, "invite-notify"),
    (.labeledResponse, "labeled-response"),
    (.messageTags, "message-tags"),
    (.multiPrefix, "multi-prefix"),
    (.sasl, "sasl"),
    (.serverTime, "server-time"),
    (.setName, "setname"),
    (.search, "soju.im/search"),
    (.standardReplies, "standard-replies"),
    (.strictTransport, "sts"),
    (.userHostInNames, "userhost-in-names"),
  ]

  /// The capability called `name` on the wire (without a value); nil for one that Hubbub does not
  /// know.
  public init?(named name: String) {
    guard let found = Self.names.first(where: { $0.name == name }) else { return nil }
    self = found.capability
  }

  /// The names of those in the set.
  public var wireNames: [String] { Self.names.filter { contains($0.capability) }.map(\.name) }
}
