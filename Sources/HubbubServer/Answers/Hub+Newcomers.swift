import HubbubRooms
import IRCWire

extension Hub {
  /// Tells sessions of the room into which they come by what another does: what follows every JOIN.
  /// Deliver to them afterwards. Any thread, under no lock.
  func tell(_ newcomers: [Room.Newcomer]) {
    // All of them see the same room: its names are written once for each form.
    var names: [NamesAnswer.Form: NamesAnswer] = [:]
    for newcomer in newcomers where !newcomer.session.isElsewhere {
      let form = NamesAnswer.Form(of: newcomer.session.capabilities)
      let answer = names[form] ?? NamesAnswer(newcomer.view, form, server: serverName, limits)
      names[form] = answer
      newcomer.session.outbox.fill(
        newcomer.view.reservation!, with: newcomer.lines + joinAnswer(for: newcomer, answer))
    }
  }

  /// Topic and names, as the newcomer reads them.
  private func joinAnswer(for newcomer: Room.Newcomer, _ names: NamesAnswer) -> [UInt8] {
    var lines = LineBuffer()
    let (view, nickname) = (newcomer.view, newcomer.view.own!.nickname)
    for answer in view.joinReplies(names) {
      answer.append(to: &lines, source: serverName, for: nickname)
    }
    lines.append(lines: markerLine(of: view.name, for: newcomer.session))
    NamesAnswer.end(of: view.name).append(to: &lines, source: serverName, for: nickname)
    guard newcomer.session.capabilities.contains(.bareTerminal) else { return lines.bytes }
    var text: [UInt8] = []
    Rendition.appendText(of: lines.bytes, to: &text)
    return text
  }
}
