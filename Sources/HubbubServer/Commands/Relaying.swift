import HubbubRooms
import IRCWire

/// Speaking for people elsewhere: RELAYMSG (IRCv3 draft/relaymsg), for bridges.
let relayCommands: [String: Command] = [
  "RELAYMSG": Command(.registered, parameters: 3, usage: "<channel> <name/elsewhere> :<text>") {
    $0.relay($1)
  }
]

extension Session {
  /// `RELAYMSG <channel> <name/elsewhere> :<text>`
  ///
  /// For those who operate the room, and members of it who operate the server: "servers should take
  /// steps to verify that the caller is authorized to use RELAYMSG".
  fileprivate func relay(_ message: Message) {
    let (target, name, text) = (
      message.parameters[0], message.parameters[1], message.parameters[2]
    )
    guard !text.isEmpty else { return failRelaying("BLANK_MSG", [], "There is no text in it") }
    let limit = 2 * hub.limits.nicknameBytes
    guard RelayedNickname.isValid(name, limit: limit, hub.configuration.reservedNicknames) else {
      return failRelaying(
        "INVALID_NICK", [safe(name)],
        "A name has a \(RelayedNickname.separator) in it, none of the characters that IRC needs, "
          + "and \(limit) bytes at the most")
    }
    guard Names.isChannelLike(target), let room = room(named: target), room.isVisible(to: member)
    else { return failRelaying("INVALID_TARGET", [safe(target)], "No such channel") }
    let mayTag = capabilities.contains(.messageTags)
    let speech = Speech(
      .message, .text(SpokenText(text)), tags: mayTag ? Tag.clientOnly(message.tags) : [])
    do throws(Refusal) {
      try perform(
        .relay(
          speech, from: "\(name)!relay@\(hub.serverName)", in: room.name,
          isTrusted: isOperator))
    } catch {
      failRelaying(error, safe(target))
    }
  }

  private func failRelaying(_ refusal: Refusal, _ target: String) {
    switch refusal {
    case .operatorNeeded, .notMember:
      failRelaying("PRIVS_NEEDED", [target], "Only channel operators speak for others")
    case .cannotSpeak(let mode):
      failRelaying("CANNOT_SEND", [target], "Cannot send to channel (+\(mode))")
    default: failRelaying("INVALID_TARGET", [target], "No such channel")
    }
  }

  private func failRelaying(_ code: String, _ context: [String], _ reason: String) {
    reply("FAIL", ["RELAYMSG", code] + context, trailing: reason)
  }
}
