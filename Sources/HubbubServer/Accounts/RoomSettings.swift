import HubbubRooms
import HubbubStore
import IRCWire

// What the founder of a registered room sets: how long what is said is kept, and who may read it.

extension Session {
  /// `SET <channel> history <duration>|off|default`, `SET <channel> visibility
  /// joined|members|default`
  func setRoom(_ name: String, _ setting: String, _ value: String, _ voice: AccountVoice) {
    guard let room = managedRoom(name, voice, by: .founder) else { return }
    guard login?.isByDevicePassword != true else {
      return fail(
        voice, "NOT_ALLOWED", [name], "Log in with the password of the account itself for that")
    }
    switch setting.lowercased() {
    case "history": setHistory(of: room, value.lowercased(), voice)
    case "visibility": setVisibility(of: room, value.lowercased(), voice)
    default:
      fail(voice, "UNKNOWN_SETTING", [room.name, setting], "There are history and visibility")
    }
  }

  private func setHistory(of room: RegisteredRoom, _ value: String, _ voice: AccountVoice) {
    let keep: Duration?
    switch value {
    case "default": keep = nil
    case "off": keep = .zero
    default:
      guard let duration = Quantity.duration(value), duration > .zero else {
        return fail(
          voice, "INVALID_VALUE", [room.name, value], "It is a duration like 7d, off or default")
      }
      keep = duration
    }
    attempt(voice, [room.name]) { () throws(AccountError) in
      guard let store = hub.accounts?.store else { return }
      try store.setKeep(of: room.stream, keep, actor: login?.name ?? operatorActor)
      if let now = store.read({ $0.room(room.stream) }) { hub.keepHistory(of: now) }
      let told = Self.words(ofKeep: keep)
      tell(
        voice, "SET", [room.name, "history", value], "What is said in \(room.name) is kept \(told)")
    }
  }

  private func setVisibility(of room: RegisteredRoom, _ value: String, _ voice: AccountVoice) {
    let visibility = RoomRegistration.Visibility(rawValue: value)
    guard visibility != nil || value == "default" else {
      return fail(
        voice, "INVALID_VALUE", [room.name, value], "It is joined, members or default")
    }
    do throws(Refusal) {
      try perform(.setVisibility(visibility, in: room.name))
    } catch {
      return replyRefusal(error, room.name)
    }
    attempt(voice, [room.name]) { () throws(AccountError) in
      // An answer means that it is on the disk.
      if let kept = self.room(named: room.name)?.kept?.room {
        try hub.accounts?.store.setState(of: room.stream, kept.stored, name: kept.name)
      }
      tell(
        voice, "SET", [room.name, "visibility", value],
        "What is said in \(room.name) from now on can be read by "
          + Self.words(ofVisibility: visibility))
    }
  }

  /// What INFO tells of it.
  func roomSettings(_ room: RegisteredRoom) -> [(name: String, value: String, text: String)] {
    let keep = room.keep.map { Duration.milliseconds($0) }
    let visibility = self.room(named: room.name)?.visibility
    return [
      (
        "history", keep.map { $0 == .zero ? "off" : Quantity.duration($0) } ?? "default",
        "what is said is kept \(Self.words(ofKeep: keep))"
      ),
      (
        "visibility", visibility?.rawValue ?? "default",
        "it can be read by \(Self.words(ofVisibility: visibility))"
      ),
    ]
  }

  private static func words(ofKeep keep: Duration?) -> String {
    guard let keep else { return "as long as the server keeps anything" }
    return keep == .zero
      ? "not at all" : "for \(Quantity.duration(keep)), or less if the server says so"
  }

  private static func words(ofVisibility visibility: RoomRegistration.Visibility?) -> String {
    switch visibility {
    case .joined: "those who were there"
    case .members: "whoever is in"
    case nil: "whoever is in; while it is +i, +k or +s, those who were there"
    }
  }
}

extension Hub {
  /// Has the history keep what is said in a room for as long as its founder wants.
  func keepHistory(of room: RegisteredRoom) {
    guard let history, let live = registry.room(named: room.name),
      let remembered = live.keeper as? RememberedRoom
    else { return }
    history.setKeep(room.keep.map { .milliseconds($0) }, of: remembered)
  }
}
