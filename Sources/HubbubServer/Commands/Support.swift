import HubbubRooms
import IRCWire

extension Session {
  /// 005, as many tokens a line as the protocol allows (Modern IRC "RPL_ISUPPORT").
  func replySupport() {
    let tokens = supportTokens()
    for start in stride(from: 0, to: tokens.count, by: Self.tokensPerLine) {
      let line = Array(tokens[start..<min(start + Self.tokensPerLine, tokens.count)])
      reply(.supported, line, trailing: "are supported by this server")
    }
  }

  /// Fifteen parameters, less the nickname and the text.
  private static let tokensPerLine = 13

  private func supportTokens() -> [String] {
    let limits = hub.limits
    let syntax = RoomModes.syntax
    let tokens = [
      "AWAYLEN=\(limits.awayBytes)", "BOT=B", "CASEMAPPING=ascii",
      "CHANLIMIT=#:\(limits.roomsPerClient)", "CHANMODES=\(syntax.channelModesToken)",
      "CHANNELLEN=\(limits.roomNameBytes)", "CHANTYPES=#", "ELIST=CMNTU", "EXCEPTS=e",
      "EXTBAN=~,\(RoomMask.extensions)",
      "HOSTLEN=\(Names.hostBytes)", "INVEX=I", "KICKLEN=\(limits.kickBytes)",
      "MAXLIST=" + syntax.lists.map { "\($0):\(limits.masksPerList)" }.joined(separator: ","),
      "MAXTARGETS=\(limits.targetsPerCommand)", "MODES=\(limits.modesPerCommand)",
      "MONITOR=\(limits.watchedPeople)", "NAMELEN=\(limits.realNameBytes)",
      "NETWORK=\(hub.configuration.networkName)", "NICKLEN=\(limits.nicknameBytes)",
      "PREFIX=\(syntax.prefixToken)", "SAFELIST",
      "STATUSMSG=\(String(syntax.prefixes.map(\.prefix)))", targetsToken(limits),
      "TOPICLEN=\(limits.topicBytes)", "USERLEN=\(limits.userNameBytes + 1)", "UTF8ONLY", "WHOX",
    ]
    return (hub.accounts == nil ? [] : [accountToken]) + tokens
      + (hub.history?.supportTokens ?? [])
  }

  private var accountToken: String {
    "ACCOUNTEXTBAN=" + RoomMask.accountExtensions.joined(separator: ",")
  }

  private func targetsToken(_ limits: Limits) -> String {
    let many = limits.targetsPerCommand
    let targets = [
      "JOIN:\(limits.roomsPerClient)", "KICK:\(many)", "LIST:", "NAMES:\(many)", "NOTICE:\(many)",
      "PART:",
      "PRIVMSG:\(many)", "TAGMSG:\(many)", "WHOIS:\(many)", "WHOWAS:\(many)",
    ]
    return "TARGMAX=" + targets.joined(separator: ",")
  }
}
