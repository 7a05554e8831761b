import HubbubRooms
import IRCWire

/// People: WHO, WHOIS, AWAY.
let peopleCommands: [String: Command] = [
  "WHO": Command(.registered, usage: "[<channel> | <mask>]") { $0.who($1.parameters) },
  "WHOIS": Command(
    .registered, parameters: 1, usage: "[<server>] <nickname>",
    missing: { session, _ in session.reply(.noNicknameGiven, trailing: "No nickname given") },
    run: { $0.whois($1.parameters) }),
  "AWAY": Command(.registered, usage: "[:<message>]") { $0.away($1.parameters) },
]

extension Session {
  /// `AWAY [:<message>]`
  fileprivate func away(_ parameters: [String]) {
    let text = parameters.first.map { $0.cut(toBytes: hub.limits.awayBytes) } ?? ""
    member.updateProfile { $0.away = text.isEmpty ? nil : text }
    if text.isEmpty {
      reply(.noLongerAway, trailing: "You are no longer marked as being away")
    } else {
      reply(.nowAway, trailing: "You have been marked as being away")
    }
  }

  /// `WHO [<channel> | <mask>]`
  fileprivate func who(_ parameters: [String]) {
    let mask = parameters.first ?? "*"
    if Names.isChannelLike(mask) {
      if let room = hub.registry.room(named: mask) { who(in: room) }
    } else {
      who(matching: mask)
    }
    reply(.endOfWho, [safe(mask)], trailing: "End of WHO list")
  }

  private func who(in room: Room) {
    let view = room.view(by: member, isReserving: false)
    guard view.own != nil || !view.modes.isSecret else { return }
    for seat in view.seats {
      let profile = seat.member.profile
      if view.own != nil || !profile.isInvisible {
        replyWho(profile, channel: room.name, seat.standing)
      }
    }
  }

  private func who(matching text: String) {
    let mask = Mask(text)
    let shared = Set(member.rooms.map(ObjectIdentifier.init))
    for other in hub.registry.members {
      let profile = other.profile
      guard profile.isRegistered, mask.matches(profile.nickname) || mask.matches(profile.host)
      else { continue }
      let isHidden =
        profile.isInvisible && other !== member
        && !other.rooms.contains { shared.contains(ObjectIdentifier($0)) }
      if !isHidden { replyWho(profile, channel: "*", []) }
    }
  }

  private func replyWho(_ profile: Profile, channel: String, _ standing: Standing) {
    let flags =
      (profile.away == nil ? "H" : "G")
      + standing.prefixes(all: capabilities.contains(.multiPrefix))
    reply(
      .whoReply,
      [channel, profile.userName, profile.host, hub.serverName, profile.nickname, flags],
      trailing: "0 \(profile.realName)")
  }

  /// `WHOIS [<server>] <nickname>`
  fileprivate func whois(_ parameters: [String]) {
    let name = parameters.last ?? ""
    defer { reply(.endOfWhois, [safe(name)], trailing: "End of WHOIS list") }
    guard let target = hub.registry.member(named: name), target.profile.isRegistered else {
      return reply(.noSuchNick, [safe(name)], trailing: "No such nick")
    }
    let profile = target.profile
    let nick = profile.nickname
    reply(
      .whoisUser, [nick, profile.userName, profile.host, "*"], trailing: profile.realName)
    let channels = channelsShown(of: target)
    if !channels.isEmpty {
      reply(.whoisChannels, [nick], trailing: channels.joined(separator: " "))
    }
    reply(.whoisServer, [nick, hub.serverName], trailing: Version.text)
    if let away = profile.away { reply(.away, [nick], trailing: away) }
    let idle = max(0, Timestamp.now.milliseconds - target.lastSpoke.milliseconds) / 1000
    reply(
      .whoisIdle, [nick, "\(idle)", "\(profile.signedOn.milliseconds / 1000)"],
      trailing: "seconds idle, signon time")
  }

  /// The rooms of `target` that may be shown to this client, with prefixes.
  private func channelsShown(of target: Member) -> [String] {
    let isInvisible = target.profile.isInvisible && target !== member
    return target.rooms.compactMap { room in
      let view = room.view(by: target, isReserving: false)
      guard let seat = view.own else { return nil }
      let isShared = view.seats.contains { $0.member === member }
      guard isShared || !(view.modes.isSecret || isInvisible) else { return nil }
      return seat.standing.prefixes(all: capabilities.contains(.multiPrefix)) + room.name
    }
  }
}
