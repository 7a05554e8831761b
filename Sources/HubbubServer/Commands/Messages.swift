import HubbubRooms
import IRCWire

/// Talking: PRIVMSG, NOTICE, TAGMSG.
let messageCommands: [String: Command] = [
  "PRIVMSG": Command(
    .registered, parameters: 2, usage: "<target>{,<target>} :<text>",
    missing: { $0.replyMissingText($1) },
    run: { $0.say($1, answersErrors: true) }),
  "NOTICE": Command(
    .registered, parameters: 2, usage: "<target>{,<target>} :<text>", missing: { _, _ in },
    run: { $0.say($1, answersErrors: false) }),
  "TAGMSG": Command(.registered, parameters: 1, usage: "<target>{,<target>}") {
    $0.say($1, answersErrors: true)
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
  fileprivate func say(_ message: Message, answersErrors: Bool) {
    if consumeLineOfBatch(message) { return }
    let speech = Speech(message, hasTags: capabilities.contains(.messageTags))
    guard speech.verb == .tags || !speech.isEmpty else {
      if answersErrors { reply(.noTextToSend, trailing: "No text to send") }
      return
    }
    // Whoever has not negotiated tags cannot have meant to send any.
    guard speech.verb != .tags || capabilities.contains(.messageTags) else { return }
    say(speech, to: message.parameters[0], answersErrors: answersErrors)
  }

  /// Says something to all targets of a list.
  func say(_ speech: Speech, to list: String, answersErrors: Bool) {
    let targets = list.words()
    guard !targets.isEmpty else {
      if answersErrors {
        reply(.noRecipient, trailing: "No recipient given (\(speech.verb.rawValue))")
      }
      return
    }
    guard targets.count <= hub.limits.targetsPerCommand else {
      if answersErrors { reply(.tooManyTargets, [safe(targets[0])], trailing: "Too many targets") }
      return
    }
    // What is said to several counts as if each had been said alone.
    charge(1000 * (targets.count - 1))
    for target in targets {
      if Names.isChannelLike(target) {
        sayToRoom(speech, target, answersErrors: answersErrors)
      } else if let (status, room) = Self.statusTarget(target) {
        sayToRoom(speech, room, status, answersErrors: answersErrors)
      } else {
        sayToPerson(speech, target, answersErrors: answersErrors)
      }
    }
  }

  /// `@#room` is those who operate it, `+#room` those too who have a voice (ISUPPORT `STATUSMSG`).
  private static func statusTarget(_ target: String) -> (MemberStatus, String)? {
    guard let prefix = target.first, let status = MemberStatus(prefix: prefix) else { return nil }
    let room = String(target.dropFirst())
    return Names.isChannelLike(room) ? (status, room) : nil
  }

  /// Says something to a room, or to those alone whose status there is at least `status`.
  private func sayToRoom(
    _ speech: Speech, _ name: String, _ status: MemberStatus? = nil, answersErrors: Bool
  ) {
    let key = FoldedName(name)
    let reference = spokenRooms[key] ?? RoomReference(name)
    let next = sayToRoom([speech], in: reference, status, answersErrors: answersErrors)
    if let next { remember(next) } else { spokenRooms[key] = nil }
  }

  /// The next message to this room needs no look into the registry.
  func remember(_ reference: RoomReference) {
    // Rooms that it has left stay in the list: it is cleared now and then.
    if spokenRooms.count > 2 * hub.limits.roomsPerClient { spokenRooms.removeAll() }
    spokenRooms[FoldedName(reference.name)] = reference
  }

  /// - Returns: how to refer to the room next time; nil where there is none, or it does not hear.
  func sayToRoom(
    _ speeches: [Speech], in reference: RoomReference, _ status: MemberStatus? = nil,
    answersErrors: Bool
  ) -> RoomReference? {
    do throws(Refusal) {
      let outcome = try perform(.say(speeches, in: reference, to: status))
      guard case .spoken(let next) = outcome.answer else { return nil }
      if answersErrors {
        for refusal in outcome.refusals { replyRefusal(refusal, shownName(of: next.name)) }
      }
      return next
    } catch {
      guard answersErrors else { return nil }
      for _ in speeches { replyRefusal(error, shownName(of: reference.name)) }
      return nil
    }
  }

  private func sayToPerson(_ speech: Speech, _ name: String, answersErrors: Bool) {
    if say(speech, toServiceNamed: name, answers: answersErrors) { return }
    // What programs say to services by themselves, a password as a rule, is for no person's eyes.
    guard !hub.configuration.reservedNicknames.contains(name) else {
      if answersErrors { replyNoSuchNick(name) }
      return
    }
    do throws(Refusal) {
      let outcome = try perform(.tell(speech, to: name, id: hub.directMessageID()))
      guard case .told(let profile, let id) = outcome.answer else { return }
      sentToPeople.note(id, to: profile.nickname)
      if answersErrors, speech.verb != .tags, let away = profile.away {
        reply(.away, [profile.nickname], trailing: away)
      }
    } catch {
      guard answersErrors else { return }
      if case .hearsAccountsOnly = error {
        replyRefusal(error, name)
      } else {
        replyNoSuchNick(name)
      }
    }
  }
}

extension Speech {
  /// What a message says: one line of text, or tags alone.
  ///
  /// - Parameter hasTags: whether its author negotiated tags; else it cannot have meant any.
  fileprivate init(_ message: Message, hasTags: Bool) {
    let verb = Verb(rawValue: message.command) ?? .message
    let text = verb == .tags ? nil : message.parameters[1]
    self.init(
      verb, text.map { .text(SpokenText($0)) } ?? .nothing,
      tags: hasTags ? Tag.clientOnly(message.tags) : [])
  }
}
