import IRCWire

/// The server's numbered replies: some change what the client knows, the others become sentences.
extension Chat {
  mutating func numeric(_ number: Int, _ message: Message) {
    let parameters = Array(message.parameters.dropFirst())
    switch number {
    case 303: nameIsFree(parameters)
    case 305: isAway = false
    case 306: isAway = true
    case 332: rooms.index(of: parameters.first ?? "").map { setTopic($0, parameters.last ?? "") }
    case 353: return arriving(parameters)
    case 366: return arrived(parameters.first ?? "")
    case 421 where parameters.first == "ISON":
      knowsIson = false
      return
    case 432, 433, 437, 438:
      if isNicknameAskedBySelf { return }
      wantedNickname = nickname
    case 401, 403, 404, 405, 407, 412, 415, 442, 471, 473...477, 479, 480, 489, 520, 531, 716:
      if let name = parameters.first { refused(name) }
    default: break
    }
    let place = rooms.index(of: parameters.first ?? "") ?? rooms.currentIndex
    switch NumericSentence.of(number, parameters, me: nickname) {
    case .information(let text): inform(text)
    case .failure(let text): add(Entry(time: now, kind: .failure, text: text), to: place)
    case .silence: break
    }
  }

  private mutating func setTopic(_ index: Int, _ topic: String) {
    rooms.update(index) { $0.topic = topic }
  }

  /// 303 RPL_ISON names those of the asked who are here.
  private mutating func nameIsFree(_ parameters: [String]) {
    guard nickname != wantedNickname else { return }
    let here = (parameters.last ?? "").split(separator: " ").map { FoldedName(String($0)) }
    if !here.contains(FoldedName(wantedNickname)) { send("NICK", wantedNickname) }
  }

  /// A room that could not be entered: it is not waited for any more.
  private mutating func refused(_ name: String) {
    wantedRooms.remove(FoldedName(name))
    pendingKeys.removeValue(forKey: FoldedName(name))
    if wantedRooms.isEmpty { isStarting = false }
    refuse(to: name)
    giveBackWaiting(for: name)
  }

  /// 353: `= #room :@ann bob`.
  private mutating func arriving(_ parameters: [String]) {
    guard parameters.count >= 2, let list = parameters.last else { return }
    let name = parameters[parameters.count - 2]
    guard let index = rooms.index(of: name) else {
      inform("In \(SafeText.clean(name)): \(list)")
      return
    }
    let prefixes = memberPrefixes
    rooms.update(index) { room in
      for name in list.split(separator: " ") {
        let prefix = name.prefix { prefixes.contains($0) }
        // With userhost-in-names the name is followed by !user@host.
        let nickname = name.dropFirst(prefix.count).prefix { $0 != "!" }
        room.enter(String(nickname), prefixes: String(prefix))
      }
    }
  }

  private mutating func arrived(_ name: String) {
    guard let index = rooms.index(of: name) else { return }
    let room = rooms.all[index]
    rooms.update(index) { $0.greets = false }
    let roster = room.roster.map(SafeText.clean)
    let count = roster.count == 1 ? "1 person" : "\(Sentence.grouped(roster.count)) people"
    let names = Sentence.names(roster, limit: room.greets ? 20 : 500)
    let text =
      room.greets
      ? "You are in \(SafeText.clean(name)) with \(count): \(names)"
      : "\(count) in \(SafeText.clean(name)): \(names)"
    add(Entry(time: now, kind: .information, text: text), to: index)
  }
}
