import HubbubRooms
import IRCWire

/// Talking: PRIVMSG, NOTICE, TAGMSG.
let messageCommands: [String: Command] = [
  "PRIVMSG": Command(
    .registered, parameters: 2, usage: "<target>{,<target>} :<text>",
    missing: { $0.replyMissingText($1) },
    run: { $0.speak($1, answersErrors: true) }),
  "NOTICE": Command(
    .registered, parameters: 2, usage: "<target>{,<target>} :<text>", missing: { _, _ in },
    run: { $0.speak($1, answersErrors: false) }),
  "TAGMSG": Command(.registered, parameters: 1, usage: "<target>{,<target>}") {
    $0.speak($1, answersErrors: true)
  },
]

extension Session {
  fileprivate func replyMissingText(_ message: Message) {
    if message.parameters.isEmpty {
      reply(.noRecipient, trailing: "No recipient given (\(message.command))")
    } else {
      reply(.noTextToSend, trailing: "No text to send")
    }
  }

  /// `PRIVMSG <target>{,<target>} :<text>`
  ///
  /// - Parameter answersErrors: false for NOTICE: "automatic replies must never be sent in response
  ///   to a NOTICE message" (RFC 2812 section 3.3.2).
  fileprivate func speak(_ message: Message, answersErrors: Bool) {
    if consumeLineOfBatch(message) { return }
    let speech = Speech(message, by: self)
    guard speech.isTagMessage || !speech.isEmpty else {
      if answersErrors { reply(.noTextToSend, trailing: "No text to send") }
      return
    }
    // Who has not negotiated tags cannot have meant to send any.
    guard !speech.isTagMessage || capabilities.contains(.messageTags) else { return }
    speak(speech, to: message.parameters[0], answersErrors: answersErrors)
  }

  /// Says something to all targets of a list.
  func speak(_ speech: Speech, to list: String, answersErrors: Bool) {
    let targets = list.words()
    guard !targets.isEmpty else {
      if answersErrors { reply(.noRecipient, trailing: "No recipient given (\(speech.command))") }
      return
    }
    guard targets.count <= hub.limits.targetsPerCommand else {
      if answersErrors { reply(.tooManyTargets, [safe(targets[0])], trailing: "Too many targets") }
      return
    }
    // What is said to several counts as if each had been said alone.
    charge(1000 * (targets.count - 1))
    for target in targets {
      // Somebody may have given us another host since the last one.
      refreshAuthor(keepingLabel: true)
      if Names.isChannelLike(target) {
        speak(speech, toRoom: target, by: author, answersErrors: answersErrors)
      } else if let (status, room) = Self.statusTarget(target) {
        speak(speech, toRoom: room, status, by: author, answersErrors: answersErrors)
      } else {
        speak(speech, toPerson: target, answersErrors: answersErrors)
      }
    }
    member.recordSpeech(at: speech.time)
  }

  /// `@#room` is those who operate it, `+#room` those too who have a voice (ISUPPORT `STATUSMSG`).
  private static func statusTarget(_ target: String) -> (MemberStatus, String)? {
    guard let prefix = target.first, let status = MemberStatus(prefix: prefix) else { return nil }
    let room = String(target.dropFirst())
    return Names.isChannelLike(room) ? (status, room) : nil
  }

  /// Says something to a room, or to those alone whose status there is at least `status`.
  ///
  /// What is written with a name that the room, or its author there, has no more is written again.
  /// - Parameter author: as the room knows it.
  private func speak(
    _ speech: Speech, toRoom name: String, _ status: MemberStatus? = nil, by author: Author,
    answersErrors: Bool
  ) {
    guard let room = room(named: name) else {
      if answersErrors { reply(.noSuchChannel, [safe(name)], trailing: "No such channel") }
      return
    }
    flush()
    func again(_ name: String, _ author: Author) {
      speak(speech, toRoom: name, status, by: author, answersErrors: answersErrors)
    }
    do throws(Refusal) {
      try say(speech, in: room, to: status, by: author)
    } catch {
      forget(room)
      switch error {
      case .isKnownAs(let source): again(name, author.known(as: source))
      case .wasRenamed: again(room.name, author)
      case .isClosed where (hub.registry.room(named: name) ?? room) !== room: again(name, author)
      default: if answersErrors { replyUnheard(error, room, asked: name) }
      }
    }
  }

  private func say(
    _ speech: Speech, in room: Room, to status: MemberStatus?, by author: Author
  ) throws(Refusal) {
    let name = room.name
    guard let status else {
      take(
        try room.speak(
          speech.event(to: name, by: author), to: name, by: author,
          isRequest: speech.isRequest, now: speech.time))
      remember(room)
      return willDeliver(to: room)
    }
    let event = speech.event(to: status.prefixes(all: false) + name, by: author)
    let spoken = try room.speak(
      event, to: name, by: author, toStatus: status, isRequest: speech.isRequest,
      now: speech.time)
    take(spoken.receipt)
    willDeliver(to: spoken.members)
  }

  /// Why a room did not hear it; those outside of a secret room are told that there is none.
  private func replyUnheard(_ refusal: Refusal, _ room: Room, asked name: String) {
    room.isVisible(to: member) ? replyRefusal(refusal, room.name) : replyNoSuchChannel(name)
  }

  private func speak(_ speech: Speech, toPerson name: String, answersErrors: Bool) {
    // What programs say to services by themselves, a password as a rule, is for no person's eyes.
    let isReserved = hub.configuration.reservedNicknames.contains(name)
    guard !isReserved, let target = hub.registry.member(named: name), target.profile.isRegistered
    else {
      if answersErrors { replyNoSuchNick(name) }
      return
    }
    let profile = target.profile
    let event = speech.event(to: profile.nickname, by: author)
    let id = hub.directMessageID()
    send(event, to: target, profile, time: speech.time, id: id)
    sentToPeople.note(id, to: profile.nickname)
    if capabilities.contains(.echoMessage) {
      echo(event.encoded(as: Rendition(of: capabilities), time: speech.time, id: id))
    }
    if answersErrors, !speech.isTagMessage, let away = profile.away {
      reply(.away, [profile.nickname], trailing: away)
    }
  }

  /// Sends an event to one person, in the form that it reads.
  func send(_ event: Event, to target: Member, _ profile: Profile, time: Timestamp, id: [UInt8]) {
    // To itself: behind what it was answered so far.
    if target === member { flush() }
    target.outbox.enqueue(
      event.encoded(as: Rendition(of: profile.capabilities), time: time, id: id))
    willDeliver(to: target)
  }
}
