import IRCWire

extension Chat {
  /// What belongs together has come.
  mutating func ended(_ batch: Batches.Batch) {
    switch batch.type {
    case "draft/multiline": if let message = batch.joined { receive(message, now: now) }
    case "chathistory": heardHistory(batch)
    case "draft/chathistory-targets": heardTargets(batch)
    case "soju.im/search": found(batch)
    default:
      // A label stands on the batch and is meant for what is in it.
      let label = batch.tags.filter { $0.key == "label" }
      for var message in batch.messages {
        message.tags = message.tags.filter { $0.key != "batch" } + label
        receive(message, now: now)
      }
    }
  }

  /// What was said, as an entry; nil for what is none, and for those who are ignored.
  ///
  /// - Returns: with the room or the person that it belongs to.
  func past(_ message: Message) -> (entry: Entry, place: String)? {
    guard ["PRIVMSG", "NOTICE"].contains(message.command), let source = message.source,
      message.parameters.count >= 2
    else { return nil }
    let isOwn = isMe(source.name)
    guard isOwn || !isIgnored(source) else { return nil }
    var text = message.parameters[1]
    var kind = message.command == "NOTICE" ? Entry.Kind.notice : .message
    if let action = Ctcp.action(text) { (text, kind) = (action, .action) }
    guard !Ctcp.isMessage(text) else { return nil }
    let target = message.parameters[0]
    let place = isRoomName(target) || isOwn ? target : source.name
    if isOwn { text = SecretRule.shown(text, to: target) }
    var entry = Entry(
      time: message.tag("time").flatMap(Timestamp.init) ?? now, kind: kind, author: source.name,
      text: text, isOwn: isOwn)
    entry.id = message.tag("msgid")
    entry.isHistory = true
    entry.isMention = !isOwn && kind != .notice && isRoomName(target) && isCalled(in: text)
    return (entry, place)
  }
}
