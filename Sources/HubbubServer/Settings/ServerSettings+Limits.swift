extension ServerSettings {
  /// The limits, each under `limits.`; what happens when one is reached stands beside it.
  static let limitKeys: [SettingsKey<ServerSettings>] =
    lineLimits + textLimits + countLimits + timeLimits + webLimits

  private static let lineLimits: [SettingsKey<ServerSettings>] = [
    limit(
      "line", \.configuration.limits.lineBytes, .bytes(512...65_536),
      takesEffect: .forLaterConnections,
      """
      A line that a client sends, without its tags, with its ending. Longer: 417, and the session \
      goes on. What the server sends has 512 bytes at the most, and longer speech is cut to them.
      """),
    limit(
      "tags", \.configuration.limits.tagBytes, .bytes(512...65_536),
      takesEffect: .forLaterConnections,
      "The tags of a line that a client sends. Longer: 417, and the session goes on."),
    limit(
      "endless-line", \.configuration.limits.endlessLineBytes, .bytes(1024...1 << 30),
      "This many bytes without a line's end, and the connection is ended."),
    limit(
      "send-lag", \.configuration.limits.sendLagBytes, .bytes(16 * 1024...1 << 40),
      takesEffect: .forLaterConnections,
      """
      Bytes that may wait for a client that reads too slowly. More: it is ended, with how far \
      behind it was as the reason.
      """),
    limit(
      "lag-memory", \.configuration.limits.lagMemoryBytes, .optional(.bytes(1 << 20...1 << 50)),
      """
      Bytes that may wait for all clients together. More: those furthest behind are ended, with \
      that as the reason. One address may have half of it. null: a quarter of the memory that the \
      server may have.
      """),
  ]

  // What 005 tells clients when they come in must stay true for as long as they are here.
  private static let textLimits: [SettingsKey<ServerSettings>] = [
    limit(
      "nickname", \.configuration.limits.nicknameBytes, .bytes(1...128), takesEffect: .afterRestart,
      "A nickname. Longer: 432."),
    limit(
      "user-name", \.configuration.limits.userNameBytes, .bytes(1...64), takesEffect: .afterRestart,
      "A user name. Longer: cut."),
    limit(
      "real-name", \.configuration.limits.realNameBytes, .bytes(1...256),
      "A real name. Longer: cut."),
    limit(
      "room-name", \.configuration.limits.roomNameBytes, .bytes(2...200),
      takesEffect: .afterRestart,
      "A room's name with its #. Longer: 403."),
    limit(
      "topic", \.configuration.limits.topicBytes, .bytes(1...390), takesEffect: .afterRestart,
      "A topic. Longer: cut at a character."),
    limit(
      "away", \.configuration.limits.awayBytes, .bytes(1...390), takesEffect: .afterRestart,
      "The message of somebody who is away. Longer: cut at a character."),
    limit(
      "kick", \.configuration.limits.kickBytes, .bytes(1...390), takesEffect: .afterRestart,
      "The comment of a KICK. Longer: cut at a character."),
    limit(
      "key", \.configuration.limits.keyBytes, .bytes(1...128), "The key of a room. Longer: 525."),
  ]

  private static let countLimits: [SettingsKey<ServerSettings>] = [
    limit(
      "rooms-per-client", \.configuration.limits.roomsPerClient, .count(1...100_000),
      takesEffect: .afterRestart,
      "Rooms that one client may be in. One more: 405."),
    limit(
      "members-per-room", \.configuration.limits.membersPerRoom, .count(1...10_000_000),
      takesEffect: .afterRestart,
      "Members of one room. One more: 471."),
    limit(
      "targets", \.configuration.limits.targetsPerCommand, .count(1...100),
      takesEffect: .afterRestart,
      "Targets of one PRIVMSG, NOTICE, TAGMSG, KICK, NAMES, WHOIS or WHOWAS. One more: 407."),
    limit(
      "modes", \.configuration.limits.modesPerCommand, .count(1...100), takesEffect: .afterRestart,
      "Changes of one MODE, flags not counted. The others are left out, and that is said."),
    limit(
      "clients", \.configuration.limits.clients, .count(1...10_000_000),
      "Connections in all. One more is refused with an ERROR."),
    limit(
      "clients-per-address", \.configuration.limits.clientsPerAddress, .count(1...10_000_000),
      "Connections from one address, loopback excepted. One more is refused with an ERROR."),
    limit(
      "clients-per-network", \.configuration.limits.clientsPerNetwork, .count(1...10_000_000),
      "Connections from one network (/24 of IPv4, /64 of IPv6). One more is refused with an "
        + "ERROR."),
    limit(
      "connects-per-network", \.configuration.limits.connectsPerNetwork, .count(1...10_000_000),
      "New connections from one network within ten seconds. One more is refused with an ERROR."),
    limit(
      "burst", \.configuration.limits.burstLines, .count(1...1_000_000),
      "Lines that a client may send at once. Who sends more is read later, and nothing is lost. "
        + "NICK or AWAY in ten rooms count for two, as does a WHO or LIST that looks at a thousand."
    ),
    limit(
      "answer-per-line", \.configuration.limits.answerBytesPerLine, .bytes(4096...1 << 30),
      """
      Bytes of answers that one line of a client may ask for. Where it is more, the line counts \
      for as many lines as it has times as many bytes.
      """),
    limit(
      "rate", \.configuration.limits.linesPerSecond, .count(1...1_000_000),
      "Lines a second that a client may send after those."),
    limit(
      "questions-per-room", \.configuration.limits.questionsPerRoom, .count(1...1000),
      """
      Questions that a client may send at once for each of the rooms it may be in, besides the \
      lines of 'burst': JOIN, WHO, NAMES, LIST, WHOIS, ISON, USERHOST and MONITOR, and MODE and \
      TOPIC that change nothing. A class with another burst has as many times more or fewer.
      """),
    limit(
      "question-rate", \.configuration.limits.questionsPerSecond, .count(1...1_000_000),
      "Questions a second after those. A class with another rate has as many times more or fewer."),
    limit(
      "masks-per-list", \.configuration.limits.masksPerList, .count(1...10_000),
      takesEffect: .afterRestart,
      "Masks of each of a room's lists: bans, exceptions, invitations. One more: 478."),
    limit(
      "mask", \.configuration.limits.maskBytes, .bytes(16...400),
      "A mask in a room's list. Longer: 696."),
    limit(
      "watched", \.configuration.limits.watchedPeople, .count(1...10_000),
      takesEffect: .afterRestart, "People that a client may watch with MONITOR. One more: 734."),
    limit(
      "former-names", \.configuration.limits.formerNames, .count(0...1_000_000),
      takesEffect: .afterRestart,
      "Nicknames that were given up and are remembered for WHOWAS. The oldest are forgotten."),
    limit(
      "multiline", \.configuration.limits.multilineBytes, .bytes(512...1 << 20),
      "A message of several lines. Longer: FAIL, and it is dropped."),
    limit(
      "multiline-lines", \.configuration.limits.multilineLines, .count(2...1000),
      "Lines of a message of several lines. One more: FAIL, and it is dropped."),
    limit(
      "server-bans", \.configuration.limits.serverBans, .count(1...1_000_000),
      "Bans by KLINE and DLINE together. One more is refused with a notice."),
    limit(
      "wrong-passwords", \.configuration.limits.wrongPasswords, .count(1...1000),
      "Wrong passwords that one connection may try. With this one it is ended."),
    limit(
      "password-queue", \.configuration.limits.passwordQueue, .count(1...10_000),
      """
      Passwords that may wait to be compared with a hash, which is done one at a time. One more is \
      told to try again later (263).
      """),
  ]

  private static let timeLimits: [SettingsKey<ServerSettings>] = [
    limit(
      "registration", \.configuration.limits.registration,
      .duration(.milliseconds(10) ... .seconds(3600)),
      "Time to register in. Later: ended."),
    limit(
      "ping-after", \.configuration.limits.pingAfter,
      .duration(.milliseconds(10) ... .seconds(86_400)),
      "Silence after which a client is asked with PING."),
    limit(
      "ping-reply", \.configuration.limits.pingReply,
      .duration(.milliseconds(10) ... .seconds(86_400)),
      "Time to answer a PING in. Later: ended."),
    limit(
      "wanted-nickname", \.configuration.limits.wantedNickname,
      .duration(.milliseconds(10) ... .seconds(3600)),
      """
      Time that whoever holds a nickname has to answer a PING in when somebody else asks for it. \
      Later: ended, so that those who come again after a lost connection have their names back.
      """),
    limit(
      "proxy-header", \.configuration.limits.proxyHeader,
      .duration(.milliseconds(10) ... .seconds(60)),
      "Time that a proxy has to say for whom it comes. Later: ended."),
    limit(
      "greeting", \.configuration.limits.greeting, .duration(.milliseconds(10) ... .seconds(3600)),
      "Silence after which a new connection is told what it has reached, in case it is a "
        + "person's."),
    limit(
      "stuck-after", \.configuration.limits.stuckAfter,
      .duration(.milliseconds(100) ... .seconds(3600)), takesEffect: .afterRestart,
      """
      Time that a lock or the right to write to a connection may be held. Longer is an error of \
      the server's: it is logged with where every thread is.
      """),
    limit(
      "farewell", \.configuration.limits.farewell, .duration(.zero ... .seconds(60)),
      "Time for what is queued to leave when the server stops."),
    limit(
      "disk", \.configuration.limits.disk, .duration(.milliseconds(10) ... .seconds(60)),
      """
      Time that a reload, REHASH, a ban and the stop wait for a disk. Longer: that is said, and \
      chat and the stop go on; what is being read or written is done when the disk is back.
      """),
    limit(
      "linger", \.configuration.limits.linger, .duration(.zero ... .seconds(60)),
      "Time that a connection ended from this side has to read its last lines."),
    limit(
      "password-delay", \.configuration.limits.passwordDelay, .duration(.zero ... .seconds(60)),
      """
      How long a connection waits for its next try after a wrong password. Twice as long after \
      each further one, up to a minute. So long do others from its address (its /64 of IPv6) wait \
      as well, where clients are throttled.
      """),
  ]

  private static let webLimits: [SettingsKey<ServerSettings>] = [
    limit(
      "web-visitors", \.configuration.limits.webVisitors, .count(1...1_000_000),
      "Connections to web ports that are no clients (yet). One more: 503."),
    limit(
      "web-visitors-per-address", \.configuration.limits.webVisitorsPerAddress,
      .count(1...1_000_000),
      "The same from one address, loopback excepted. One more: 503."),
    limit(
      "web-requests", \.configuration.limits.webRequests, .count(1...1_000_000),
      "Requests that an address may send at once, where clients are throttled. One more: 429."),
    limit(
      "web-request-rate", \.configuration.limits.webRequestsPerSecond, .count(1...1_000_000),
      "Requests a second after those."),
    limit(
      "web-head", \.configuration.limits.webHead,
      .duration(.milliseconds(10) ... .seconds(3600)),
      "Time for a handshake, and for the head of a request to come. Later: 408 and the end."),
    limit(
      "web-body", \.configuration.limits.webBody,
      .duration(.milliseconds(10) ... .seconds(3600)),
      "Time for the body of a request to come. Later: 408 and the end."),
    limit(
      "web-answer", \.configuration.limits.webAnswer,
      .duration(.milliseconds(10) ... .seconds(3600)),
      "Time for an answer to be read. Later: ended."),
    limit(
      "web-idle", \.configuration.limits.webIdle,
      .duration(.milliseconds(10) ... .seconds(3600)),
      "Time between two requests of one connection. Later: ended."),
  ]

  private static func limit<Value>(
    _ name: String, _ path: WritableKeyPath<ServerSettings, Value> & Sendable,
    _ type: SettingsType<Value>, takesEffect change: SettingsKey<ServerSettings>.Change = .atOnce,
    _ documentation: String
  ) -> SettingsKey<ServerSettings> {
    SettingsKey("limits.\(name)", path, type, takesEffect: change, documentation)
  }
}
