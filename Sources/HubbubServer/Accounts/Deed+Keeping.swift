import HubbubRooms

extension Action.Deed {
  /// Whether it may change what is kept of a registered room.
  var changesRoom: Bool {
    switch self {
    case .setTopic, .changeModes, .renameRoom, .keepRoom: true
    default: false
    }
  }
}
