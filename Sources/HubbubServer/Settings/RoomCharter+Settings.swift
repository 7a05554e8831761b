import HubbubRooms
import IRCWire

extension RoomCharter {
  /// The charter of a room as the settings describe it. Modes and masks that are none are passed
  /// over: the settings were checked when they were read.
  init(_ settings: PersistentRoom) {
    let words = settings.modes.split(separator: " ").map(String.init)
    var modes = RoomModes()
    modes.isClosedToOutside = false
    modes.isTopicProtected = false
    for case .change(let change) in RoomModes.syntax.parse(
      words.first ?? "", parameters: Array(words.dropFirst()))
    { modes.set(change) }
    let byAccount = settings.operators.compactMap { OperatorAccount.named(by: $0) }
    self.init(
      name: settings.name, topic: settings.topic, modes: modes,
      operators: settings.operators.filter { OperatorAccount.named(by: $0) == nil }
        .compactMap(Self.mask),
      serverOperators: byAccount)
  }

  private static func mask(_ text: String) -> SourceMask? {
    do throws(MaskFault) { return try SourceMask(completing: text) } catch { return nil }
  }
}
