import HubbubRooms

extension Action.Deed {
  /// Whether it may change what is kept of a registered room.
  var changesRoom: Bool {
    switch self {
    case .setTopic, .changeModes, .renameRoom, .keepRoom, .setVisibility: true
    default: false
    }
  }

  /// Whether it may change what a person goes on with who stays.
  var movesPeople: Bool {
    switch self {
    case .join, .part, .kick, .changeNickname, .renamePerson, .logIn, .register, .setRealName: true
    default: false
    }
  }
}
