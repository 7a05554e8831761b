import HubbubRooms
import IRCWire

/// Who is in a room, as one reader is told (353).
struct NamesAnswer {
  let room: String

  /// `@` for a secret room, `=` for all others.
  let symbol: String

  private let names: [String]

  /// What a line has besides the names.
  private let overheadBytes: Int

  init(_ view: Room.View, readBy nickname: String, _ capabilities: Capability, server: String) {
    room = view.room.name
    symbol = view.modes.isSecret ? "@" : "="
    let showsAll = capabilities.contains(.multiPrefix)
    let showsHosts = capabilities.contains(.userHostInNames)
    names = view.seats.compactMap { seat in
      let isHidden = view.own == nil && seat.member.profile.isInvisible
      guard view.isVisible, !isHidden else { return nil }
      let prefixes = seat.standing.prefixes(all: showsAll)
      return prefixes + (showsHosts ? seat.member.profile.source : seat.nickname)
    }
    overheadBytes = server.utf8.count + nickname.utf8.count + room.utf8.count + 16
  }

  /// The names, as many to a line as fit.
  func lines(bytes limit: Int) -> [String] {
    names.lists(bytes: limit - overheadBytes, separator: " ")
  }
}
