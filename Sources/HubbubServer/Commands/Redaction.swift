import HubbubRooms
import IRCWire

/// Taking messages back: REDACT (IRCv3 draft/message-redaction).
let redactionCommands: [String: Command] = [
  "REDACT": Command(.registered, parameters: 2, usage: "<target> <message id> [:<reason>]") {
    $0.redact($1.parameters)
  }
]

extension Session {
  /// `REDACT <target> <message id> [:<reason>]`
  fileprivate func redact(_ parameters: [String]) {
    guard capabilities.contains(.messageRedaction) else {
      return reply(.unknownCommand, ["REDACT"], trailing: "Unknown command")
    }
    let (target, id) = (parameters[0], parameters[1])
    let reason = parameters.count > 2 && !parameters[2].isEmpty ? parameters[2] : nil
    if Names.isChannelLike(target) {
      redact(id, in: target, reason)
    } else {
      redact(id, to: target, reason)
    }
  }

  private func redact(_ id: String, in target: String, _ reason: String?) {
    do throws(Refusal) {
      try redactInRoom(id, target, reason)
    } catch {
      switch error {
      case .notMember, .noSuchRoom: failRedaction("INVALID_TARGET", [target])
      case .operatorNeeded: failRedaction("REDACT_FORBIDDEN", [target, id])
      default: failRedaction("UNKNOWN_MSGID", [target, id])
      }
    }
  }

  /// A message of a room that only its history knows is looked for there.
  private func redactInRoom(_ id: String, _ room: String, _ reason: String?) throws(Refusal) {
    do throws(Refusal) {
      try perform(.redact(id: id, reason: reason, in: room))
    } catch {
      // It may be another connection of the same account that said it.
      guard error == .unknownMessage || error == .operatorNeeded,
        try redactStored(id, in: room, reason)
      else { throw error }
    }
  }

  private func redact(_ id: String, to target: String, _ reason: String?) {
    guard let other = hub.registry.member(named: target), other.profile.isRegistered else {
      return failRedaction("INVALID_TARGET", [target])
    }
    let profile = other.profile
    do throws(Refusal) {
      guard sentToPeople.take(id, to: profile.nickname) else {
        guard try redactStored(id, to: profile.nickname, reason) else {
          return failRedaction("UNKNOWN_MSGID", [target, id])
        }
        return
      }
      try perform(
        .redactPrivately(
          id: id, reason: reason, to: profile.nickname, newID: hub.directMessageID()))
    } catch {
      failRedaction("INVALID_TARGET", [target])
    }
  }

  private func failRedaction(_ code: String, _ context: [String]) {
    let reasons = [
      "INVALID_TARGET": "You cannot redact messages there",
      "REDACT_FORBIDDEN": "You are not authorised to redact this message",
      "UNKNOWN_MSGID": "This message does not exist or is too old",
    ]
    reply("FAIL", ["REDACT", code] + context.map(safe), trailing: reasons[code])
  }
}
