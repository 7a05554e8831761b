import HubbubRooms
import IRCWire

/// What people are to others: AWAY, SETNAME, CHGHOST.
let identityCommands: [String: Command] = [
  "AWAY": Command(.registered, usage: "[:<message>]") { $0.away($1.parameters) },
  "SETNAME": Command(.registered, parameters: 1, usage: ":<real name>") {
    $0.setName($1.parameters[0])
  },
  "CHGHOST": Command(.registered, parameters: 3, usage: "<nickname> <user> <host>") {
    $0.changeHost($1.parameters)
  },
]

extension Session {
  /// `AWAY [:<message>]`
  fileprivate func away(_ parameters: [String]) {
    let text = parameters.first.map { $0.cut(toBytes: hub.limits.awayBytes) } ?? ""
    let message = text.isEmpty ? nil : text
    var line = LineBuffer()
    line.append(source: source, "AWAY", trailing: message)
    // The client itself is answered by a numeric.
    take(
      hub.registry.change(
        author, { $0.away = message },
        variant: Event.Variant(needs: .awayNotify, line: line.bytes), echo: .never, now: .now))
    if message == nil {
      reply(.noLongerAway, trailing: "You are no longer marked as being away")
    } else {
      reply(.nowAway, trailing: "You have been marked as being away")
    }
  }

  /// `SETNAME :<real name>` (IRCv3 setname)
  fileprivate func setName(_ name: String) {
    guard !name.isEmpty, name.utf8.count <= hub.limits.realNameBytes else {
      return reply("FAIL", ["SETNAME", "INVALID_REALNAME"], trailing: "Realname is not valid")
    }
    var line = LineBuffer()
    line.append(source: source, "SETNAME", trailing: name)
    flush()
    announce(
      hub.registry.change(
        author, { $0.realName = name },
        variant: Event.Variant(needs: .setName, line: line.bytes), echo: .always, now: .now),
      line.bytes, needs: .setName)
  }

  /// `CHGHOST <nickname> <user> <host>`, by operators of the server (IRCv3 chghost).
  fileprivate func changeHost(_ parameters: [String]) {
    guard isOperating() else { return }
    guard let target = hub.registry.member(named: parameters[0]), target.profile.isRegistered
    else { return reply(.noSuchNick, [safe(parameters[0])], trailing: "No such nick") }
    let (user, host) = (parameters[1], parameters[2])
    let limits = hub.limits
    guard Names.userName(from: user, limit: limits.userNameBytes + 1) == user,
      Names.isHost(host, limit: Names.hostBytes)
    else {
      return reply("FAIL", ["CHGHOST", "INVALID_HOST"], trailing: "No such host is possible")
    }
    var line = LineBuffer()
    line.append(source: target.profile.source, "CHGHOST", [user, host])
    let whose = Author(target, source: target.profile.source)
    let announcement = hub.registry.change(
      whose,
      { profile in
        profile.userName = user
        profile.host = host
      }, variant: Event.Variant(needs: .changeHost, line: line.bytes), echo: .always, now: .now)
    take(announcement)
    if announcement.rooms.isEmpty {
      let variant = Event.Variant(needs: .changeHost, line: line.bytes)
      send(
        Event(by: whose, echo: .always, variants: [variant]), to: target, target.profile,
        time: .now, id: hub.directMessageID())
    }
    hub.logger.notice(
      "host changed",
      metadata: ["nick": "\(parameters[0])", "host": "\(host)", "by": "\(nickname)"])
  }

  /// Those are delivered to who hear of what the client has changed; with no room to see it in, the client
  /// is told by itself.
  func announce(
    _ announcement: Registry.Announcement, _ line: [UInt8], needs: Capability = []
  ) {
    take(announcement)
    if announcement.rooms.isEmpty, capabilities.isSuperset(of: needs) { tell(lines: line) }
  }
}
