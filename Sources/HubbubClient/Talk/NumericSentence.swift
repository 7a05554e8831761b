import IRCWire

/// What a numbered reply says to a person.
enum NumericSentence: Equatable {
  case information(String)
  case failure(String)

  /// Told otherwise, or of no use to a person.
  case silence

  /// - Parameter parameters: without the first, which is one's own nickname.
  static func of(_ number: Int, _ parameters: [String], me: String) -> NumericSentence {
    let reply = Reply(parameters: parameters)
    if let sentence = about(number, reply) { return .information(sentence) }
    if let sentence = error(number, reply) { return .failure(sentence) }
    switch number {
    case 0..<10, 303, 315, 318, 321, 323, 353, 365, 366, 368, 347, 349, 369, 374, 375, 376, 333,
      329:
      return .silence
    case 400..<600, 902..<910: return .failure(reply.all)
    default: return reply.all.isEmpty ? .silence : .information(reply.all)
    }
  }

  /// The parameters by number; missing ones are empty.
  private struct Reply {
    let parameters: [String]

    subscript(index: Int) -> String {
      parameters.indices.contains(index) ? parameters[index] : ""
    }

    var last: String { parameters.last ?? "" }
    var all: String { parameters.joined(separator: " ") }
  }

  // MARK: Answers

  private static func about(_ number: Int, _ reply: Reply) -> String? {
    switch number {
    case 221: "Your modes: \(reply[0])"
    case 301: "\(reply[0]) is away: \(reply.last)"
    case 305: "You are back."
    case 306: "You are away."
    case 311: "\(reply[0]) is \(reply.last) (\(reply[1])@\(reply[2]))"
    case 312: "\(reply[0]) is on the server \(reply[1]) (\(reply.last))"
    case 313: "\(reply[0]) is an operator of the server"
    case 314: "\(reply[0]) was \(reply.last) (\(reply[1])@\(reply[2]))"
    case 317: idle(reply)
    case 319: "\(reply[0]) is in \(reply.last)"
    case 322: room(reply)
    case 324: "The modes of \(reply[0]): \(reply.parameters.dropFirst().joined(separator: " "))"
    case 330: "\(reply[0]) is logged in as \(reply[1])"
    case 331: "\(reply[0]) has no topic."
    case 332: "The topic of \(reply[0]): \(reply.last)"
    case 335: "\(reply[0]) is a bot"
    case 338: "\(reply[0]) comes from \(reply[1])"
    case 341: "\(reply[0]) is invited into \(reply[1])."
    case 346, 348, 367: "\(reply[0]): \(reply[1])" + by(reply[2])
    case 352: person(reply)
    case 372: reply.last.hasPrefix("- ") ? String(reply.last.dropFirst(2)) : reply.last
    case 396: "Others see you at \(reply[0])."
    case 671: "\(reply[0]) talks over an encrypted connection"
    default: nil
    }
  }

  private static func idle(_ reply: Reply) -> String {
    let idle = "\(reply[0]) has been silent for \(Sentence.duration(seconds: Int(reply[1]) ?? 0))"
    guard let since = Int64(reply[2]) else { return idle }
    let time = LocalTime(Timestamp(milliseconds: since * 1000))
    return "\(idle), here since \(time.date), \(time.clock)"
  }

  /// 322: room, people, topic.
  private static func room(_ reply: Reply) -> String {
    let count = Int(reply[1]) ?? 0
    let people = count == 1 ? "1 person" : "\(Sentence.grouped(count)) people"
    return "\(reply[0]): \(people)" + (reply[2].isEmpty ? "" : ", \(reply[2])")
  }

  /// 352: room, user, host, server, nickname, flags, `hops real name`.
  private static func person(_ reply: Reply) -> String {
    let name = reply.last.drop { $0 != " " }.dropFirst()
    let isAway = reply[5].hasPrefix("G") ? ", away" : ""
    let room = reply[0] == "*" ? "" : " in \(reply[0])"
    return "\(reply[4]) is \(name) (\(reply[1])@\(reply[2]))\(room)\(isAway)"
  }

  private static func by(_ setter: String) -> String {
    setter.isEmpty ? "" : ", set by \(setter.prefix { $0 != "!" })"
  }

  // MARK: Errors

  private static func error(_ number: Int, _ reply: Reply) -> String? {
    switch number {
    case 401: "There is nobody called \(reply[0])."
    case 402: "There is no server called \(reply[0])."
    case 403: "There is no room called \(reply[0])."
    case 404: "You may not speak in \(reply[0])." + reason(reply, unless: "Cannot send to channel")
    case 405: "You are in too many rooms to enter \(reply[0])."
    case 406: "There was nobody called \(reply[0])."
    case 407: "\(reply[0]) are too many to write to at once."
    case 417: "That line is too long for the server."
    case 421: "The server does not know the command \(reply[0])."
    case 422: ""
    case 432: "\(reply[0]) cannot be a name here."
    case 433: "The name \(reply[0]) is taken."
    case 435: "You keep your name while you are banned in \(reply[1])."
    case 437: "\(reply[0]) is not to be had at the moment."
    case 438: "You changed your name too often; wait a little."
    case 441: "\(reply[0]) is not in \(reply[1])."
    case 442: "You are not in \(reply[0])."
    case 443: "\(reply[0]) is in \(reply[1]) already."
    case 461: "The server needs more words for \(reply[0])."
    case 464: "The password is not right."
    case 465: "You are banned from this server."
    case 467: "\(reply[0]) has a key already."
    case 470: "\(reply[0]) leads you on to \(reply[1])."
    case 471: "\(reply[0]) is full."
    case 472: "The server does not know the mode \(reply[0])."
    case 473: "\(reply[0]) is for invited people only."
    case 474: "You are banned from \(reply[0])."
    case 475: "\(reply[0]) needs its key: /join \(reply[0]) KEY"
    case 476: "\(reply[0]) cannot be the name of a room."
    case 477: "\(reply[0]) is for people with an account only."
    case 478: "The list of \(reply[0]) is full."
    case 481: "Only operators of the server may do that."
    case 482: "Only operators of \(reply[0]) may do that."
    case 491: "You cannot become an operator from here."
    case 501: "There is no such mode for people."
    case 502: "The modes of others are not yours to change."
    case 696: "The mode \(reply[1]) of \(reply[0]) cannot be \(reply[2]): \(reply.last)."
    case 263: "The server is busy: try \(reply[0]) again later."
    default: nil
    }
  }

  private static func reason(_ reply: Reply, unless usual: String) -> String {
    reply.last.hasPrefix(usual) || reply.parameters.count < 2 ? "" : " (\(reply.last))"
  }
}
