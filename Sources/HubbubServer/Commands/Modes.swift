import HubbubRooms
import IRCWire

extension Session {
  /// `MODE <target> [<modes> [<parameter>…]]`
  func mode(_ parameters: [String]) {
    let rest = Array(parameters.dropFirst())
    if Names.isChannelLike(parameters[0]) {
      roomMode(parameters[0], rest)
    } else {
      userMode(parameters[0], rest)
    }
  }

  // MARK: Of a room

  private func roomMode(_ name: String, _ parameters: [String]) {
    guard let modes = parameters.first else {
      guard let room = shownRoom(name, to: "MODE") else { return }
      return showModes(of: room, asked: name)
    }
    let asked = RoomModes.syntax.parse(modes, parameters: Array(parameters.dropFirst()))
    let isQuestion = asked.allSatisfy(\.isQuestion)
    guard let room = isQuestion ? shownRoom(name, to: "MODE") : knownRoom(name) else { return }
    let requests = resolve(asked, room)
    guard !requests.isEmpty else { return }
    attempt(
      .changeModes(
        requests, in: name, asServer: false, masksPerList: hub.limits.masksPerList),
      in: room.name)
  }

  /// What the letters ask for, with parameters checked. Questions, and what is
  /// wrong, are answered.
  func resolve(_ asked: [ModeSyntax.Request], _ room: Room) -> [ModeRequest] {
    withinLimit(asked.answeringOnce()).compactMap { resolve($0, room) }
  }

  /// "The MODES parameter specifies how many 'variable' modes may be set on a channel by a single
  /// MODE command from a client." (Modern IRC) Flags are not variable.
  private func withinLimit(_ requests: [ModeSyntax.Request]) -> [ModeSyntax.Request] {
    let limit = hub.limits.modesPerCommand
    var count = 0
    let kept = requests.filter { request in
      if RoomModes.syntax.isFlag(request) { return true }
      count += 1
      return count <= limit
    }
    if count > limit {
      notice("Of modes that can have a parameter, the first \(limit) of a line are carried out.")
    }
    return kept
  }

  private func showModes(of room: Room, asked name: String) {
    flush()
    let view = room.reservedView(by: memberSession)
    answer(in: view.reservation!) {
      guard sees(view) else { return replyNoSuchChannel(name) }
      let changes = ModeChange.encoded(view.modes.changes(showsKey: view.own != nil))
      reply(.channelModeIs, [view.name] + (changes.isEmpty ? ["+"] : changes))
      reply(.creationTime, [view.name, "\(room.createdAt.milliseconds / 1000)"])
    }
  }

  /// What a letter asks for, with parameters checked; nil where that was answered.
  private func resolve(_ request: ModeSyntax.Request, _ room: Room) -> ModeRequest? {
    switch request {
    case .unknown(let letter):
      reply(.unknownMode, [safe("\(letter)")], trailing: "is unknown mode char to me")
      return nil
    case .missingParameter(let letter):
      reply(
        .invalidModeParameter, [room.name, "\(letter)", "*"],
        trailing: "You must specify a parameter for this mode")
      return nil
    case .show(let letter):
      showMasks(of: letter, room)
      return nil
    case .change(let change):
      return resolve(change, room)
    }
  }

  private func resolve(_ change: ModeChange, _ room: Room) -> ModeRequest? {
    if RoomModes.syntax.lists.contains(change.mode) {
      guard change.parameter?.isEmpty == false else {
        showMasks(of: change.mode, room)
        return nil
      }
      return resolveMask(change, room)
    }
    if let status = MemberStatus(mode: change.mode) {
      return .status(
        isAdding: change.isAdding, status, mode: change.mode, change.parameter ?? "")
    }
    if change.isAdding, change.mode == "k",
      !RoomModes.isKey(change.parameter ?? "", limit: hub.limits.keyBytes)
    {
      reply(.invalidKey, [room.name], trailing: "Key is not well-formed")
      return nil
    }
    if change.isAdding, change.mode == "l", !RoomModes.isLimit(change.parameter ?? "") {
      reply(
        .invalidModeParameter, [room.name, "l", safe(change.parameter ?? "")],
        trailing: "The limit must be a number above 0")
      return nil
    }
    if change.isAdding, change.mode == "f" {
      return .forward(change.parameter ?? "")
    }
    return .room(change)
  }

  /// A mask for one of the room's lists; nil where it can match nobody, which was answered.
  private func resolveMask(_ change: ModeChange, _ room: Room) -> ModeRequest? {
    let text = change.parameter ?? ""
    // What was set when the limits were others can still be removed.
    let limits = change.isAdding ? hub.limits.masks : MaskLimits()
    do throws(MaskFault) {
      return .list(change, try RoomMask(text, in: change.mode, limits))
    } catch {
      reply(
        .invalidModeParameter, [room.name, "\(change.mode)", safe(text.cut(toBytes: 200))],
        trailing: "\(error)")
      return nil
    }
  }

  /// 367/368, 348/349 or 346/347: the masks of one of the room's lists.
  private func showMasks(of letter: Character, _ room: Room) {
    let (each, end): (Numeric, Numeric)
    let title: String
    switch letter {
    case "e": (each, end, title) = (.banExceptionList, .endOfBanExceptionList, "exception")
    case "I":
      (each, end, title) = (.inviteExceptionList, .endOfInviteExceptionList, "invite exception")
    default: (each, end, title) = (.banList, .endOfBanList, "ban")
    }
    pace()
    flush()
    do throws(Refusal) {
      let list = try room.masks(
        of: letter, by: memberSession, seesSecrets: isOperator)
      answer(in: list.reservation) {
        for entry in list.entries {
          let seconds = entry.setAt.milliseconds / 1000
          reply(each, [list.room, entry.mask.description, entry.setBy, "\(seconds)"])
        }
        reply(end, [list.room], trailing: "End of channel \(title) list")
      }
    } catch {
      replyNoSuchChannel(room.name)
    }
  }

  // MARK: Of oneself

  private func userMode(_ name: String, _ parameters: [String]) {
    guard FoldedName(name) == FoldedName(nickname) else {
      // 401 for a name that is nobody's, 502 for another's (Modern IRC "User mode").
      guard hub.registry.member(named: name) != nil else {
        return replyNoSuchNick(name)
      }
      return reply(.usersDoNotMatch, trailing: "Can't change mode for other users")
    }
    guard let modes = parameters.first else {
      return reply(.userModeIs, [member.profile.userModes.description])
    }
    var changes: [ModeChange] = []
    var hasUnknown = false
    for request in UserModes.syntax.parse(modes, parameters: []) {
      if case .change(let change) = request { changes.append(change) } else { hasUnknown = true }
    }
    // "the server MUST apply the modes that are implemented, and then send the
    // ERR_UMODEUNKNOWNFLAG"
    changeUserModes(changes)
    if hasUnknown { reply(.unknownUserMode, trailing: "Unknown MODE flag") }
  }

  /// Gives the person other modes, and tells its connections which have changed. Another of these
  /// may do so at the same time.
  ///
  /// - Parameters:
  ///   - operatorName: see `Action.Deed.changeUserModes`.
  ///   - announce: says what comes before the MODE.
  /// - Returns: false where it could not be done.
  @discardableResult
  func changeUserModes(
    _ changes: [ModeChange], operatorName: String? = nil, _ announce: () -> Void = {}
  ) -> Bool {
    let deed = Action.Deed.changeUserModes(changes, operatorName: operatorName)
    // It is never refused but by an order of many nodes that cannot be had.
    guard case .userModes(let before, let wanted)? = try? perform(deed).answer else {
      return false
    }
    announce()
    let changes = wanted.changes(since: before)
    guard !changes.isEmpty else { return true }
    let words = [nickname] + ModeChange.encoded(changes)
    tell(from: source, "MODE", words)
    tellOtherDevices(from: source, "MODE", words)
    refreshAuthor(keepingLabel: true)
    return true
  }
}

extension Hub {
  /// Tells those of somebody's devices that are here which modes it has by another node.
  func tellDevices(of person: Member, _ changes: [ModeChange]) {
    guard !changes.isEmpty else { return }
    let profile = person.profile
    var line = LineBuffer()
    line.append(
      source: profile.source, "MODE", [profile.nickname] + ModeChange.encoded(changes))
    for session in person.sessions where !session.isElsewhere {
      session.enqueue(lines: line.bytes)
      session.outbox.deliver()
    }
  }
}

extension ModeSyntax.Request {
  /// Whether nothing is to be changed.
  fileprivate var isQuestion: Bool {
    if case .show = self { true } else { false }
  }
}

extension [ModeSyntax.Request] {
  /// Questions and errors once for each letter: a line could ask for the same list hundreds of
  /// times.
  fileprivate func answeringOnce() -> Self {
    var answered: Set<Character> = []
    return filter { request in
      switch request {
      case .change: true
      case .show(let letter), .missingParameter(let letter), .unknown(let letter):
        answered.insert(letter).inserted
      }
    }
  }
}
