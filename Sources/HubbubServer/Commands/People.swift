import HubbubRooms
import IRCWire

/// Who people are: WHO, WHOIS, WHOWAS.
let peopleCommands: [String: Command] = [
  "WHO": Command(.registered, usage: "[<channel> | <mask>] [o | %<fields>[,<token>]]") {
    $0.who($1.parameters)
  },
  "WHOIS": Command(
    .registered, parameters: 1, usage: "[<server>] <nickname>{,<nickname>}",
    missing: { session, _ in session.reply(.noNicknameGiven, trailing: "No nickname given") },
    run: { $0.whois($1.parameters) }),
  "WHOWAS": Command(
    .registered, parameters: 1, usage: "<nickname>{,<nickname>} [<count>]",
    missing: { session, _ in session.reply(.noNicknameGiven, trailing: "No nickname given") },
    run: { $0.whowas($1.parameters) }),
]

extension Session {
  // MARK: WHO

  /// `WHO [<channel> | <mask>] [o | %<fields>[,<token>]]`
  fileprivate func who(_ parameters: [String]) {
    let mask = parameters.first ?? "*"
    let options = parameters.count > 1 ? parameters[1] : ""
    let query = WhoQuery(
      fields: WhoFields(options), onlyOperators: options.prefix { $0 != "%" }.contains("o"))
    guard Names.isChannelLike(mask) else {
      return answerWhole(about: hub.registry.memberCount) {
        who(matching: mask, query)
        replyEndOfWho(mask)
      }
    }
    guard let room = hub.registry.room(named: mask), maySee(room, with: "WHO") else {
      return replyEndOfWho(mask)
    }
    who(in: room, asked: mask, query)
  }

  /// 315
  private func replyEndOfWho(_ mask: String) {
    reply(.endOfWho, [safe(mask)], trailing: "End of WHO list")
  }

  /// What a WHO asks for.
  private struct WhoQuery {
    let fields: WhoFields?
    let onlyOperators: Bool
  }

  /// Rooms of up to a thousand are told at one place in the order, the end included: no JOIN, PART
  /// or NICK stands within. Larger ones are paced, and true only line by line; NAMES is whole
  /// always.
  private func who(in room: Room, asked mask: String, _ query: WhoQuery) {
    pace()
    flush()
    guard mayAnswerWhole(about: room.memberCount) else {
      return whoPaced(in: room, asked: mask, query)
    }
    let view = room.reservedView(by: memberSession)
    charge(view.seats.count)
    answer(in: view.reservation!) {
      if sees(view) {
        for seat in view.seats {
          let profile = seat.member.profile
          guard isShown(profile, in: view) else { continue }
          reply(query, seat.member, profile, seat.nickname, channel: view.name, seat.status)
        }
      }
      replyEndOfWho(mask)
    }
  }

  /// Whether somebody in a room is shown to the client, which may know of the room.
  private func isShown(_ profile: Profile, in view: Room.View) -> Bool {
    view.own != nil || !view.isVisible || !profile.isInvisible
  }

  private func whoPaced(in room: Room, asked mask: String, _ query: WhoQuery) {
    let view = room.view(by: member)
    charge(view.seats.count)
    // Not the seats themselves: they hold places in the room's log, and what comes behind them
    // would be kept for as long as a slow reader takes for the answer.
    let people = sees(view) ? view.seats.map { ($0.member, $0.status) } : []
    let (name, showsAll) = (view.name, view.own != nil || !view.isVisible)
    for (person, status) in people {
      let profile = person.profile
      guard showsAll || !profile.isInvisible else { continue }
      reply(query, person, profile, profile.nickname, channel: name, status)
      pace()
    }
    replyEndOfWho(mask)
  }

  private func who(matching text: String, _ query: WhoQuery) {
    // A name that is written out finds its owner, whether invisible or not (Modern IRC "WHO
    // message").
    if let exact = hub.registry.member(named: text), exact.profile.isRegistered {
      let profile = exact.profile
      return reply(query, exact, profile, profile.nickname, channel: "*", [])
    }
    // No name is that long, and each mask is looked at for everybody.
    guard text.utf8.count <= hub.limits.maskBytes else { return }
    let mask = WhoMask(text)
    let matchesAll = mask.matchesServer(called: hub.serverName)
    let rooms = member.roomIdentities
    let everybody = hub.registry.members
    charge(everybody.count)
    for other in everybody {
      let profile = other.profile
      guard profile.isRegistered,
        matchesAll || mask.matches(profile, showsAddress: maySeeAddress(of: other))
      else { continue }
      if profile.isInvisible, other !== member, !other.isIn(oneOf: rooms) { continue }
      reply(query, other, profile, profile.nickname, channel: "*", [])
      pace()
    }
  }

  /// - Parameter nickname: as of the place of the answer.
  private func reply(
    _ query: WhoQuery, _ other: Member, _ profile: Profile, _ nickname: String, channel: String,
    _ status: MemberStatus
  ) {
    if query.onlyOperators, !profile.isOperator { return }
    let flags =
      (profile.away == nil ? "H" : "G") + (profile.isOperator ? "*" : "")
      + status.prefixes(all: capabilities.contains(.multiPrefix)) + (profile.isBot ? "B" : "")
      + (profile.account == nil ? "" : "r")
    if let fields = query.fields {
      replyWhoFields(fields, other, profile, nickname, channel, flags)
    } else {
      reply(
        .whoReply,
        [
          channel, profile.userName, profile.host, hub.serverName(of: other), nickname, flags,
        ],
        trailing: "0 \(profile.realName)")
    }
  }

  /// 354: the fields that were asked for, in their fixed order.
  private func replyWhoFields(
    _ request: WhoFields, _ other: Member, _ profile: Profile, _ nickname: String,
    _ channel: String, _ flags: String
  ) {
    let values = request.fields.map { field in
      switch field {
      case .token: request.token.isEmpty ? "0" : request.token
      case .channel: channel
      case .userName: profile.userName
      case .address: maySeeAddress(of: other) ? profile.peerAddress : "255.255.255.255"
      case .host: profile.host
      case .server: hub.serverName(of: other)
      case .nickname: nickname
      case .flags: flags
      case .hops: "0"
      case .idleSeconds: "\(idleSeconds(of: other))"
      case .account: profile.account ?? "0"
      case .operatorLevel: "n/a"
      case .realName: profile.realName
      }
    }
    // Only the last may have spaces in it, and of these fields only the real name, which is the
    // last, has.
    guard let last = values.last else { return reply(.whoSpecialReply) }
    reply(.whoSpecialReply, values.dropLast(), trailing: last)
  }

  private func maySeeAddress(of other: Member) -> Bool {
    other === member || isOperator
  }

  private func idleSeconds(of other: Member) -> Int64 {
    max(0, Timestamp.now.milliseconds - other.lastSpoke.milliseconds) / 1000
  }

  // MARK: WHOIS and WHOWAS

  /// `WHOIS [<server>] <nickname>{,<nickname>}`
  fileprivate func whois(_ parameters: [String]) {
    guard parameters.count > 1 else { return whois(list: parameters[0]) }
    ifThisServer(parameters[0], isKnownToAll: true) { whois(list: parameters[1]) }
  }

  private func whois(list: String) {
    for name in askedFor(list) { whois(name) }
  }

  /// The people that a list names, each of whom counts as if it had been asked for alone; or an
  /// answer that they are too many, or none.
  private func askedFor(_ list: String) -> [String] {
    let names = list.words()
    guard let first = names.first else {
      reply(.noNicknameGiven, trailing: "No nickname given")
      return []
    }
    guard names.count <= hub.limits.targetsPerCommand else {
      reply(.tooManyTargets, [safe(first)], trailing: "Too many targets")
      return []
    }
    charge(1000 * (names.count - 1))
    return names
  }

  private func whois(_ name: String) {
    defer { reply(.endOfWhois, [safe(name)], trailing: "End of WHOIS list") }
    guard let target = hub.registry.member(named: name), target.profile.isRegistered else {
      return replyNoSuchNick(name)
    }
    let profile = target.profile
    let nick = profile.nickname
    reply(.whoisUser, [nick, profile.userName, profile.host, "*"], trailing: profile.realName)
    replyRooms(of: target, nick)
    reply(
      .whoisServer, [nick, hub.serverName(of: target)],
      trailing: hub.serverName(of: target) == hub.serverName
        ? hub.configuration.serverDescription : hub.configuration.networkName)
    if profile.isOperator { reply(.whoisOperator, [nick], trailing: "is an IRC operator") }
    if profile.isBot { reply(.whoisBot, [nick], trailing: "is a bot") }
    if let account = profile.account {
      reply(.whoisAccount, [nick, account], trailing: "is logged in as")
    }
    if let away = profile.away { reply(.away, [nick], trailing: away) }
    if profile.isOverWeb { reply(.whoisSpecial, [nick], trailing: "is here with a web client") }
    let sessions = target.sessions
    let isSecure = sessions.isEmpty ? profile.isSecure : sessions.allSatisfy(\.origin.isSecure)
    if isSecure { reply(.whoisSecure, [nick], trailing: "is using a secure connection") }
    if maySeeAddress(of: target) { replyPrivateFacts(of: profile, nick) }
    reply(
      .whoisIdle,
      [nick, "\(idleSeconds(of: target))", "\(profile.signedOn.milliseconds / 1000)"],
      trailing: "seconds idle, signon time")
  }

  /// What concerns nobody but the person itself and the operators.
  private func replyPrivateFacts(of profile: Profile, _ nick: String) {
    replyAddress(of: profile)
    if let fingerprint = profile.certificateFingerprint {
      reply(
        .whoisCertificate, [nick], trailing: "has client certificate fingerprint \(fingerprint)")
    }
  }

  /// 338
  private func replyAddress(of profile: Profile) {
    reply(
      .whoisActually, [profile.nickname, profile.peerAddress], trailing: "is actually using host")
  }

  /// 319: the rooms that may be shown to this client, with prefixes.
  private func replyRooms(of target: Member, _ nick: String) {
    let isInvisible = target.profile.isInvisible && target !== member
    let isOperator = self.isOperator
    var secret = 0
    let names = target.rooms.compactMap { room -> String? in
      let view = room.view(by: target)
      guard let seat = view.own else { return nil }
      if view.modes.isSecret || isInvisible, !room.isShared(by: target, and: member) {
        guard isOperator else { return nil }
        secret += 1
      }
      return seat.status.prefixes(all: capabilities.contains(.multiPrefix)) + view.name
    }
    for list in names.lists(bytes: 350, separator: " ") {
      reply(.whoisChannels, [nick], trailing: list)
    }
    if secret > 0 {
      audit("WHOIS", ["target": "\(nick)", "result": "\(secret) hidden rooms are shown"])
    }
  }

  /// `WHOWAS <nickname>{,<nickname>} [<count>]`
  ///
  /// "If a non-positive number is passed as being <count>, then a full search is done." It ends at
  /// the latest sixteen: somebody who changes its name back and forth would fill the list with one.
  fileprivate func whowas(_ parameters: [String]) {
    let count = parameters.count > 1 ? Int(parameters[1]) ?? 0 : 0
    for name in askedFor(parameters[0]) {
      whowas(name, count: count > 0 ? min(count, Self.formerHolders) : Self.formerHolders)
    }
  }

  /// This many who had a nickname are told at the most.
  private static let formerHolders = 16

  private func whowas(_ name: String, count: Int) {
    let former = hub.registry.formerHolders(of: name)
    if former.isEmpty {
      reply(.wasNoSuchNick, [safe(name)], trailing: "There was no such nickname")
    }
    for profile in former.prefix(count) {
      reply(
        .wasUser, [profile.nickname, profile.userName, profile.host, "*"],
        trailing: profile.realName)
      if isOperator { replyAddress(of: profile) }
      reply(
        .whoisServer, [profile.nickname, hub.serverName],
        trailing: hub.configuration.serverDescription)
    }
    reply(.endOfWhowas, [safe(name)], trailing: "End of WHOWAS")
  }
}
