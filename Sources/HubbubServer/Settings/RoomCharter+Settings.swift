import HubbubRooms
import IRCWire

extension RoomCharter {
  /// The charter of a room as the settings describe it. Modes that are none are passed over: the settings
  /// were checked when they were read.
  init(_ settings: PersistentRoom) {
    let words = settings.modes.split(separator: " ").map(String.init)
    var modes = RoomModes()
    modes.isClosedToOutside = false
    modes.isTopicProtected = false
    for case .change(let change) in RoomModes.syntax.parse(
      words.first ?? "", parameters: Array(words.dropFirst()))
    { modes.set(change) }
    let byAccount = settings.operators.filter { $0.hasPrefix(Self.accountPrefix) }
    self.init(
      name: settings.name, topic: settings.topic, modes: modes,
      operators: settings.operators.filter { !$0.hasPrefix(Self.accountPrefix) }
        .map { Mask(completing: $0) },
      serverOperators: byAccount.map { String($0.dropFirst(Self.accountPrefix.count)) })
  }

  /// `oper:ann` is the server's operator called ann.
  private static let accountPrefix = "oper:"
}
