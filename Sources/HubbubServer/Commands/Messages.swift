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
  /// - Parameter answersErrors: false for NOTICE: "automatic replies must never be sent in response to a
  ///   NOTICE message" (RFC 2812 section 3.3.2).
  fileprivate func speak(_ message: Message, answersErrors: Bool) {
    let speech = Speech(message, by: self)
    guard speech.isTagMessage || !speech.text.isEmpty else {
      if answersErrors { reply(.noTextToSend, trailing: "No text to send") }
      return
    }
    let targets = Self.targets(message.parameters[0])
    guard targets.count <= hub.limits.targetsPerCommand else {
      if answersErrors { reply(.tooManyTargets, [safe(targets[0])], trailing: "Too many targets") }
      return
    }
    for target in targets {
      if Names.isChannelLike(target) {
        speak(speech, toRoom: target, answersErrors: answersErrors)
      } else {
        speak(speech, toPerson: target, answersErrors: answersErrors)
      }
    }
    member.noteSpeech(at: speech.time)
  }

  /// Nearly always it is one.
  private static func targets(_ list: String) -> [String] {
    list.utf8.contains(UInt8(ascii: ",")) ? list.split(separator: ",").map(String.init) : [list]
  }

  private func speak(_ speech: Speech, toRoom name: String, answersErrors: Bool) {
    guard let room = room(named: name) else {
      if answersErrors { reply(.noSuchChannel, [safe(name)], trailing: "No such channel") }
      return
    }
    do throws(Refusal) {
      try room.speak(speech.event(to: room.name), now: speech.time)
      remember(room)
      willDeliver(to: room)
    } catch {
      forget(room)
      if let current = hub.registry.room(named: name), current !== room {
        return speak(speech, toRoom: name, answersErrors: answersErrors)
      }
      if answersErrors {
        reply(.cannotSendToChannel, [room.name], trailing: "Cannot send to channel")
      }
    }
  }

  private func speak(_ speech: Speech, toPerson name: String, answersErrors: Bool) {
    guard let target = hub.registry.member(named: name), target.profile.isRegistered else {
      if answersErrors { reply(.noSuchNick, [safe(name)], trailing: "No such nick") }
      return
    }
    let profile = target.profile
    let event = speech.event(to: profile.nickname)
    let id = hub.directMessageID()
    func copy(for capabilities: Capability) -> [UInt8] {
      var bytes: [UInt8] = []
      event.append(to: &bytes, as: Rendition(of: capabilities), time: speech.time, id: id)
      return bytes
    }
    target.outbox.enqueue(copy(for: profile.capabilities))
    willDeliver(to: target)
    if capabilities.contains(.echoMessage) {
      flush()
      member.outbox.enqueue(copy(for: capabilities))
      willDeliver(to: member)
    }
    if answersErrors, !speech.isTagMessage, let away = profile.away {
      reply(.away, [profile.nickname], trailing: away)
    }
  }
}

/// What somebody says, before it is said to anybody.
private struct Speech {
  let text: String
  let isTagMessage: Bool
  let time = Timestamp.now
  private let command: String
  private let author: MemberID
  private let source: String
  private let tags: [Tag]

  init(_ message: Message, by session: Session) {
    command = message.command
    isTagMessage = message.command == "TAGMSG"
    text = isTagMessage ? "" : message.parameters[1]
    author = session.member.id
    source = session.source
    let mayTag = session.capabilities.contains(.messageTags)
    tags = mayTag ? message.tags.filter(\.isClientOnly) : []
  }

  func event(to target: String) -> Event {
    var line = LineBuffer()
    line.append(source: source, command, [target], trailing: isTagMessage ? nil : text)
    return Event(
      author: author, echo: .onRequest,
      variants: [Event.Variant(needs: isTagMessage ? .messageTags : [], line: line.bytes)],
      clientTags: tags)
  }
}
