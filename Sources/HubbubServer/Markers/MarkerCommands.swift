import HubbubRooms
import HubbubStore
import IRCWire

/// How far one has read: MARKREAD (IRCv3 draft/read-marker).
let markerCommands: [String: Command] = [
  "MARKREAD": Command(
    .registered, parameters: 1, usage: "<channel | nickname> [timestamp=<time>]",
    missing: { session, _ in
      session.reply(
        "FAIL", ["MARKREAD", "NEED_MORE_PARAMS"], trailing: "Missing parameters")
    },
    run: { $0.markRead($1.parameters) })
]

extension Session {
  /// `MARKREAD <target> [timestamp=<time>]`
  ///
  /// "The last read timestamp of a target SHOULD only ever increase." Nobody but the account's own
  /// connections learns of it.
  fileprivate func markRead(_ parameters: [String]) {
    guard capabilities.contains(.readMarker) else {
      return reply(.unknownCommand, ["MARKREAD"], trailing: "Unknown command")
    }
    let target = parameters[0]
    guard let name = markable(target) else {
      return failMarking("INVALID_PARAMS", [target], "No such target")
    }
    guard parameters.count > 1 else { return tellMarker(name, hub.marker(of: member, name)) }
    let words = parameters[1].split(separator: "=", maxSplits: 1)
    guard words.count == 2, words[0] == "timestamp", let time = Timestamp(String(words[1])) else {
      return failMarking("INVALID_PARAMS", [target, parameters[1]], "Invalid timestamp")
    }
    // "It can clamp it between the last read timestamp and the current time".
    let (marker, isNew) = hub.setMarker(of: member, name, min(time, .now))
    tellMarker(name, marker)
    guard isNew else { return }
    for other in memberSession.others where other.capabilities.contains(.readMarker) {
      other.enqueue(lines: hub.markerLine(name, marker))
    }
    if !memberSession.others.isEmpty { willDeliver(to: member) }
  }

  /// A target as it is called here, or as it was written; nil for what can be none.
  private func markable(_ target: String) -> String? {
    guard Names.isChannelLike(target) else {
      guard Names.isNickname(target, limit: hub.limits.nicknameBytes) else { return nil }
      return hub.registry.member(named: target)?.profile.nickname ?? target
    }
    guard Names.isChannel(target, limit: hub.limits.roomNameBytes) else { return nil }
    // To those outside there is no room.
    let room = room(named: target).flatMap { $0.isVisible(to: member) ? $0.name : nil }
    return room ?? target
  }

  private func failMarking(_ code: String, _ context: [String], _ text: String) {
    reply("FAIL", ["MARKREAD", code] + context.map(safe), trailing: text)
  }

  private func tellMarker(_ target: String, _ time: Int64?) {
    tell(lines: hub.markerLine(target, time))
  }

  /// "after the server sends a server JOIN command to the client for a corresponding channel, the
  /// server MUST send a MARKREAD command for that channel. The command MUST be sent before the
  /// RPL_ENDOFNAMES reply".
  ///
  /// - Returns: that line, as a session reads it; nothing for one that does not.
  func marker(of room: String, for session: MemberSession) -> [UInt8] {
    hub.markerLine(of: room, for: session)
  }
}

extension Hub {
  /// See `Session.marker`.
  func markerLine(of room: String, for session: MemberSession) -> [UInt8] {
    guard session.capabilities.contains(.readMarker) else { return [] }
    return markerLine(room, marker(of: session.member, room))
  }

  /// Tells the devices of an account that are here how far it has read at another node.
  func tellDevices(of marker: ReadMarker) {
    guard let name = accounts?.account(marker.key.account)?.name,
      let person = registry.person(ofAccount: name)
    else { return }
    let target = marker.key.target
    let shown =
      registry.room(named: target.text)?.name
      ?? registry.member(named: target.text)?.profile.nickname ?? target.text
    for session in person.sessions where session.capabilities.contains(.readMarker) {
      session.enqueue(lines: markerLine(shown, marker.time))
      session.outbox.deliver()
    }
  }

  fileprivate func markerLine(_ target: String, _ time: Int64?) -> [UInt8] {
    var line = LineBuffer()
    let stamp = time.map { "timestamp=\(Timestamp(milliseconds: $0))" } ?? "*"
    line.append(source: serverName, "MARKREAD", [target, stamp])
    return line.bytes
  }

  /// How far somebody has read: as its account has it, or as a guest for as long as it is here.
  func marker(of person: Member, _ target: String) -> Int64? {
    let target = FoldedName(target)
    guard let (account, store) = account(of: person) else {
      return markers.time(ofGuest: person.id, target)
    }
    return markers.time(of: ReadMarker.Key(account, target), store)
  }

  /// Moves a marker, forward only.
  ///
  /// - Returns: where it is, in milliseconds since 1970, and whether that is new.
  func setMarker(
    of person: Member, _ target: String, _ time: Timestamp
  ) -> (time: Int64, isNew: Bool) {
    let target = FoldedName(target)
    guard let (account, store) = account(of: person) else {
      return markers.set(ofGuest: person.id, target, time.milliseconds)
    }
    let set = markers.set(ReadMarker.Key(account, target), time.milliseconds, store)
    if set.isNew { accountChores.noteMarkers() }
    return set
  }

  private func account(of person: Member) -> (Int64, AccountStore)? {
    guard let accounts, let name = person.profile.account,
      let account = accounts.account(named: name)
    else { return nil }
    return (account.id, accounts.store)
  }
}
