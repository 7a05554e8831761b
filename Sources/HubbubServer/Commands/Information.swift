import HubbubRooms
import IRCWire

/// What the server tells of itself: MOTD, LUSERS, VERSION, HELP.
let informationCommands: [String: Command] = [
  "MOTD": Command(.registered, usage: "") { session, _ in session.replyMessageOfTheDay() },
  "STATS": Command(.registered, parameters: 1, usage: "f [<channel>]") {
    $0.stats($1.parameters)
  },
  "LUSERS": Command(.registered, usage: "") { session, _ in session.replyPopulation() },
]

extension Session {
  /// 375, 372 …, 376, or 422.
  func replyMessageOfTheDay() {
    guard let lines = hub.configuration.messageOfTheDay else {
      return reply(.noMessageOfTheDay, trailing: "There is no message of the day")
    }
    reply(.messageOfTheDayStart, trailing: "- \(hub.serverName) message of the day - ")
    for line in lines { reply(.messageOfTheDay, trailing: "- \(line)") }
    reply(.endOfMessageOfTheDay, trailing: "End of MOTD command")
  }

  /// 251–255, 265, 266.
  func replyPopulation() {
    let (connected, registered) = hub.clients.counts
    let rooms = hub.registry.roomCount
    reply(.usersOnline, trailing: "There are \(registered) users and 0 invisible on 1 servers")
    reply(.operatorsOnline, ["0"], trailing: "operator(s) online")
    reply(.unknownOnline, ["\(connected - registered)"], trailing: "unknown connection(s)")
    reply(.channelsFormed, ["\(rooms)"], trailing: "channels formed")
    reply(.localClients, trailing: "I have \(registered) clients and 0 servers")
    let counts = ["\(registered)", "\(hub.limits.clients)"]
    reply(
      .localUsers, counts, trailing: "Current local users \(counts[0]), max \(counts[1])")
    reply(
      .globalUsers, counts, trailing: "Current global users \(counts[0]), max \(counts[1])")
  }

  /// 005, thirteen tokens a line (Modern IRC "RPL_ISUPPORT").
  func replySupport() {
    let tokens = supportTokens()
    for start in stride(from: 0, to: tokens.count, by: 13) {
      let line = Array(tokens[start..<min(start + 13, tokens.count)])
      reply(.supported, line, trailing: "are supported by this server")
    }
  }

  private func supportTokens() -> [String] {
    let limits = hub.limits
    let syntax = RoomModes.syntax
    let targets = limits.targetsPerCommand
    return [
      "AWAYLEN=\(limits.awayBytes)", "CASEMAPPING=ascii",
      "CHANLIMIT=#:\(limits.roomsPerClient)", "CHANMODES=\(syntax.channelModesToken)",
      "CHANNELLEN=\(limits.roomNameBytes)", "CHANTYPES=#", "HOSTLEN=64",
      "KICKLEN=\(limits.kickBytes)", "MODES=\(limits.modesPerCommand)",
      "NETWORK=\(hub.configuration.networkName)", "NICKLEN=\(limits.nicknameBytes)",
      "PREFIX=\(syntax.prefixToken)",
      "TARGMAX=JOIN:,KICK:\(targets),NAMES:\(targets),NOTICE:\(targets),PART:,PRIVMSG:\(targets),TAGMSG:\(targets)",
      "TOPICLEN=\(limits.topicBytes)", "USERLEN=\(limits.userNameBytes + 1)", "UTF8ONLY",
    ]
  }
}
