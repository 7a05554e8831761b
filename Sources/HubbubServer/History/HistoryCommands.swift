import HubbubRooms
import HubbubStore
import IRCWire

/// What was said before: CHATHISTORY, SEARCH.
let historyCommands: [String: Command] = [
  "CHATHISTORY": Command(
    .registered,
    usage: "LATEST|BEFORE|AFTER|AROUND|BETWEEN <channel> <reference> [<reference>] <limit>",
    run: { $0.recall($1.parameters) }),
  "HISTORY": Command(
    .registered, parameters: 2, usage: "CLEAR <channel>",
    run: { $0.clearHistory($1.parameters) }),
  "SEARCH": Command(
    .registered, parameters: 1, usage: "in=<channel>;from=<nickname>;text=<words>;…",
    run: { $0.search($1.parameters[0]) }),
]

extension Session {
  /// `CHATHISTORY <subcommand> <target> <reference> [<reference>] <limit>`
  ///
  /// IRCv3 chathistory. "The draft/chathistory capability MUST be negotiated."
  fileprivate func recall(_ parameters: [String]) {
    guard let history = hub.history, capabilities.contains(.chatHistory) else {
      return reply(.unknownCommand, ["CHATHISTORY"], trailing: "Unknown command")
    }
    do throws(HistoryFault) {
      switch try HistoryQuestion(parameters, limit: history.settings.page) {
      case .page(let question): try recall(question, from: history)
      case .targets(let question): try recall(question, from: history)
      }
    } catch {
      fail("CHATHISTORY", error)
    }
  }

  /// `HISTORY CLEAR <channel>`: what is remembered of a registered room so far is deleted, by its
  /// founder.
  fileprivate func clearHistory(_ parameters: [String]) {
    let voice = AccountVoice.command("HISTORY")
    guard parameters[0].uppercased() == "CLEAR" else {
      return fail(voice, "UNKNOWN_COMMAND", [parameters[0]], "There is CLEAR")
    }
    guard let history = hub.history,
      let room = managedRoom(parameters[1], voice, by: .founder)
    else { return }
    guard login?.isByDevicePassword != true,
      let kept = self.room(named: room.name)?.keeper as? RememberedRoom
    else {
      return fail(voice, "NOT_ALLOWED", [room.name], "Nothing of it can be deleted from here")
    }
    charge(Self.clearingThousandths)
    release()
    do throws(Refusal) { try perform(.forgetWords(in: room.name)) } catch {
      return replyRefusal(error, room.name)
    }
    history.clear(kept)
    hub.logger.notice(
      "history cleared", metadata: ["channel": "\(room.name)", "by": "\(source)"])
    tell(voice, "CLEARED", [room.name], "What was said in \(room.name) is deleted")
  }

  private static let clearingThousandths = 4000

  /// "Errors are returned using the standard replies syntax."
  func fail(_ command: String, _ fault: HistoryFault) {
    reply("FAIL", [command, fault.code] + fault.context.map(safe), trailing: fault.words)
  }

  // MARK: Pages

  private func recall(
    _ question: HistoryQuestion.Page, from history: RoomHistory
  ) throws(HistoryFault) {
    // To those outside there is no room; what they get does not depend on what is in it.
    guard let room = readableRoom(question.target) else {
      throw HistoryFault(
        "INVALID_TARGET", [question.subcommand, question.target],
        "Messages could not be retrieved")
    }
    let label = passOnLabel()
    release()
    guard let found = find(question, in: room, history) else {
      if let label { takeOver(label: label) }
      throw HistoryFault(
        "MESSAGE_ERROR", [question.subcommand, question.target], "Messages could not be retrieved")
    }
    tell(found.page, of: room, found.epochs, label)
  }

  /// Waits for the disk.
  ///
  /// - Returns: nil where it names a message that is not known, or the store fails.
  private func find(
    _ question: HistoryQuestion.Page, in room: ReadableRoom, _ history: RoomHistory
  ) -> (page: HistoryPage, epochs: [HistoryEpoch])? {
    guard let kept = room.kept else { return (HistoryPage(), []) }
    history.catchUp([kept].live)
    let view = kept.view(of: room.presence, kinds: HistoryLines.events(for: capabilities))
    do throws(StoreError) {
      guard let selector = try history.selector(question, in: kept) else { return nil }
      let page = try history.store.page(selector, of: view, limit: question.limit)
      return (page, try history.epochs(of: page.entries, in: kept.stream))
    } catch {
      hub.logger.warning("history cannot be read", metadata: ["reason": "\(error)"])
      return nil
    }
  }

  /// Where somebody may read what was said: a room that it is in, or its talk with somebody.
  func readableRoom(_ name: String) -> ReadableRoom? {
    guard Names.isChannelLike(name) else { return readableTalk(with: name) }
    guard let room = room(named: name),
      let presence = room.presence(of: member)
    else { return nil }
    return ReadableRoom(name: room.name, kept: room.keeper as? RememberedRoom, presence: presence)
  }

  /// What the client's account and somebody with this nickname, or account, have said to each
  /// other. Whether there is such a one makes no difference that could be seen.
  private func readableTalk(with name: String) -> ReadableRoom? {
    guard let login, let history = hub.history, let accounts = hub.accounts,
      Names.isNickname(name, limit: hub.limits.nicknameBytes)
    else { return nil }
    let person = hub.registry.member(named: name)?.profile
    let account = person?.account ?? (person == nil ? name : nil)
    let other = account.flatMap { accounts.account(named: $0) }
    return ReadableRoom(
      name: name,
      kept: other.flatMap { history.talk(of: login.account, with: $0.id) },
      presence: 0...MessageKey.maxSequence, reader: (login.account, nickname))
  }

  /// All talks of the client's account.
  ///
  /// - Returns: each with the name that it has for those who remember it.
  var readableTalks: [(name: String, room: ReadableRoom)] {
    guard let login, let history = hub.history, let accounts = hub.accounts else { return [] }
    return history.talks(of: login.account).compactMap { id in
      guard let account = accounts.account(id), let kept = history.talk(of: login.account, with: id)
      else { return nil }
      let person = hub.registry.person(ofAccount: account.name)?.profile
      let room = ReadableRoom(
        name: person?.nickname ?? account.name, kept: kept, presence: 0...MessageKey.maxSequence,
        reader: (login.account, nickname))
      return (TalkName(login.account, id).text, room)
    }
  }

  /// The rooms and talks that the client may read.
  var readableRooms: [ReadableRoom] {
    readableTalks.map(\.room)
      + member.rooms.compactMap { room in
        room.presence(of: member).map {
          ReadableRoom(name: room.name, kept: room.keeper as? RememberedRoom, presence: $0)
        }
      }
  }

  /// Answers with messages and events, in pieces, so that no page is what ends its reader for
  /// falling behind.
  private func tell(
    _ page: HistoryPage, of room: ReadableRoom, _ epochs: [HistoryEpoch], _ label: String?
  ) {
    let batch = beginAnswer("chathistory \(room.name)", isEnd: page.isEnd, label)
    let lines = HistoryLines(
      capabilities, room: room.name, epochs, batch: batch, readBy: room.reader)
    outbox.keeping(page.entries.reduce(0) { $0 + $1.memoryBytes }) {
      for entry in page.entries {
        tell(lines: lines.lines(of: entry, reference: hub.batchReference))
        pace()
      }
    }
    endAnswer(batch)
    tell(page.gaps, in: room.name)
  }

  /// That something is missing, for those who know of such notes.
  private func tell(_ gaps: [StoredGap], in room: String) {
    let reasons = Set(gaps.map(\.reason)).subtracting([.crash])
    guard capabilities.contains(.standardReplies), !reasons.isEmpty else { return }
    reply(
      "NOTE", ["CHATHISTORY", "GAP", room],
      trailing: reasons == [.away]
        ? "Some of what was said here meanwhile this server was not there to hear"
        : "Some of what was said here meanwhile could not be stored")
  }

  /// Begins a batch, where the client knows batches.
  ///
  /// - Parameters:
  ///   - words: its type and parameters.
  ///   - isEnd: whether there is nothing more where the client asked.
  ///   - label: the client's for the command, which the batch carries.
  /// - Returns: its name.
  func beginAnswer(_ words: String, isEnd: Bool = false, _ label: String?) -> String? {
    guard capabilities.contains(.batch) else { return nil }
    let batch = hub.batchReference()
    var tags = label.map { [Tag("label", $0)] } ?? []
    if isEnd, capabilities.contains(.messageTags) { tags.append(Tag("draft/chathistory-end")) }
    var line: [UInt8] = []
    Tag.append(tags, to: &line)
    line += ":\(hub.serverName) BATCH +\(batch) \(words)\r\n".utf8
    tell(lines: line)
    return batch
  }

  func endAnswer(_ batch: String?) {
    if let batch { reply("BATCH", ["-\(batch)"]) }
    flush()
  }

  // MARK: Targets

  /// `CHATHISTORY TARGETS <timestamp> <timestamp> <limit>`: in which rooms something was said last
  /// between two times.
  private func recall(
    _ question: HistoryQuestion.Targets, from history: RoomHistory
  ) throws(HistoryFault) {
    let rooms = readableRooms.filter { $0.kept != nil }
    let label = passOnLabel()
    release()
    history.catchUp(rooms.compactMap(\.kept).live)
    let views = rooms.map { $0.kept!.view(of: $0.presence, kinds: []) }
    var targets: [HistoryTarget]
    do throws(StoreError) {
      targets = try history.store.targets(
        views, after: question.first, before: question.last, limit: .max)
    } catch {
      hub.logger.warning("history cannot be read", metadata: ["reason": "\(error)"])
      if let label { takeOver(label: label) }
      throw HistoryFault("MESSAGE_ERROR", ["TARGETS"], "Targets could not be retrieved")
    }
    if question.isAscending { targets.reverse() }
    let names = Dictionary(rooms.map { ($0.kept!.stream, $0.name) }) { first, _ in first }
    let isEnd = targets.count <= question.limit
    let batch = beginAnswer("draft/chathistory-targets", isEnd: isEnd, label)
    for target in targets.prefix(question.limit) {
      var line: [UInt8] = []
      if let batch { Tag.append([Tag("batch", batch)], to: &line) }
      let time = Timestamp(milliseconds: target.time)
      let name = names[target.stream] ?? "*"
      line += ":\(hub.serverName) CHATHISTORY TARGETS \(name) \(time)\r\n".utf8
      tell(lines: line)
    }
    endAnswer(batch)
  }
}

/// A room, or a private talk, as somebody may read its history.
struct ReadableRoom {
  /// Of a talk the other's.
  let name: String

  /// nil where it is not remembered.
  let kept: (any Recallable)?

  /// The numbers of what was said since it is here, up to the question: what is said later it may
  /// be here no more to read, and reads as it is said where it is.
  var presence: ClosedRange<UInt64>

  /// In a talk, who reads it.
  var reader: (account: Int64, nickname: String)?
}

extension [any Recallable] {
  /// Those in which somebody may be speaking, which are to be caught up with.
  var live: [RememberedRoom] { compactMap { $0 as? RememberedRoom } }
}
