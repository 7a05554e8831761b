import HubbubRooms
import IRCWire

extension Room.View {
  /// 331, or 332 and 333.
  var topicReplies: [NumericReply] {
    guard let topic else { return [NumericReply(.noTopic, [name], trailing: "No topic is set")] }
    let seconds = topic.setAt.milliseconds / 1000
    return [
      NumericReply(.topic, [name], trailing: topic.text),
      NumericReply(.topicWhoTime, [name, topic.setBy, "\(seconds)"]),
    ]
  }

  /// What is behind every JOIN: the topic, where there is one, and who is in the room. The end of
  /// the names comes behind it.
  func joinReplies(_ names: NamesAnswer) -> [NumericReply] {
    (topic == nil ? [] : topicReplies) + names.replies
  }
}

extension NamesAnswer {
  /// 353 …
  var replies: [NumericReply] {
    lines.map { NumericReply(.nameReply, [symbol, room], trailing: $0) }
  }

  /// 366
  static func end(of name: String) -> NumericReply {
    NumericReply(.endOfNames, [name], trailing: "End of NAMES list")
  }
}
