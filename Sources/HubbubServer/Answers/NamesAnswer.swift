import HubbubRooms
import IRCWire

/// Who is in a room, as those are told who negotiated the same form (353).
struct NamesAnswer {
  /// What changes the names.
  struct Form: Hashable {
    let showsAllPrefixes: Bool
    let showsAddresses: Bool

    init(of capabilities: Capability) {
      showsAllPrefixes = capabilities.contains(.multiPrefix)
      showsAddresses = capabilities.contains(.userHostInNames)
    }
  }

  let room: String

  /// `@` for a secret room, `=` for all others.
  let symbol: String

  /// The names, as many to a line as fit, whoever reads it.
  let lines: [String]

  /// Of a secret room all are shown: those outside who are shown it at all operate the server.
  init(_ view: Room.View, _ form: Form, server: String, _ limits: Limits) {
    room = view.name
    symbol = view.modes.isSecret ? "@" : "="
    let names = view.seats.compactMap { seat -> String? in
      let isOutside = view.own == nil && view.isVisible
      guard !(isOutside && seat.member.profile.isInvisible) else { return nil }
      let prefixes = seat.status.prefixes(all: form.showsAllPrefixes)
      return prefixes + (form.showsAddresses ? seat.source : seat.nickname)
    }
    let overhead = server.utf8.count + limits.nicknameBytes + room.utf8.count + 16
    lines = names.lists(bytes: LineBuffer.maxBytes - overhead, separator: " ")
  }
}
