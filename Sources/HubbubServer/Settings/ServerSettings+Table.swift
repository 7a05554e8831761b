import HubbubSockets
import IRCWire
import Logging
import Yams

extension ServerSettings {
  /// Every option of the settings file, in the order in which it is printed.
  static let table = SettingsRecord(
    initial: ServerSettings(),
    keys: serverKeys + clusterKeys + peopleKeys + stateKeys + accountKeys + roomKeys + historyKeys
      + loggingKeys
      + limitKeys)

  /// Checks what no option can know alone, and notes where those stand that are judged later. Not
  /// all options may have been readable.
  static func check(_ settings: inout ServerSettings, _ reading: inout SettingsReading) {
    for name in ["tls", "ban-file", "cloak-key", "state"] {
      if let place = reading.place(of: name) { settings.places.note(name, place) }
    }
    let configuration = settings.configuration
    checkOthersWays(configuration, &reading)
    checkMeaning(configuration, &reading)
    checkCluster(&settings, &reading)
    if reading.place(of: "classes") != nil, !reading.isFaulty("classes"),
      let note = ClientClasses.note(on: configuration.classes)
    {
      reading.advise(note, about: "classes")
    }
    settings.places.notes = reading.notes
    if configuration.tls == nil, !reading.isFaulty("tls"),
      configuration.chatListeners.contains(where: \.kind.isSecure)
    {
      reading.note(
        "an address listens with TLS; expected 'tls' with a certificate", about: "listen")
    }
    let operators = configuration.operators.map(\.name)
    for name in Set(operators) where operators.count(where: { $0 == name }) > 1 {
      reading.note("'\(name)' is there twice; expected each name once", about: "operators")
    }
    let rooms = configuration.rooms.map { FoldedName($0.name) }
    if Set(rooms).count < rooms.count {
      reading.note("a room is there twice; expected each name once", about: "rooms")
    }
    let longest = configuration.limits.roomNameBytes
    for room in configuration.rooms where room.name.utf8.count > longest {
      reading.note("'\(room.name)' is longer than limits.room-name allows", about: "rooms")
    }
    if let lobby = configuration.lobby, lobby.utf8.count > longest {
      reading.note("'\(lobby)' is longer than limits.room-name allows", about: "lobby")
    }
  }

  /// Checks what is said of proxies and gateways: what is set up by half would be believed to work.
  private static func checkOthersWays(
    _ configuration: Configuration, _ reading: inout SettingsReading
  ) {
    let isListening = configuration.listeners.contains(where: \.kind.isForProxies)
    if isListening, configuration.proxies.isEmpty {
      reading.note(
        "an address listens for proxies; expected their addresses in 'proxies'", about: "listen")
    }
    if !isListening, !configuration.proxies.isEmpty {
      reading.note(
        "no address listens for them; expected {address: ADDRESS, proxy: true} in 'listen'",
        about: "proxies")
    }
    for gateway in configuration.gateways where gateway.addresses.isEmpty {
      reading.note(
        "'\(gateway.name)' has none; expected the addresses that it comes from", about: "webirc")
    }
    let gateways = configuration.gateways.flatMap(\.addresses)
    for (name, networks) in [("proxies", configuration.proxies), ("webirc", gateways)] {
      for network in networks where AddressRange(network)?.isEverything == true {
        reading.note(
          "'\(network)' is everybody, who could then come from anywhere; expected the addresses of "
            + "those who are believed", about: name)
      }
    }
  }

  private static let serverKeys: [SettingsKey<ServerSettings>] = [
    SettingsKey(
      "listen", \.configuration.chatListeners, .listeners, takesEffect: .afterRestart,
      """
      Where to listen. An address alone is for plain connections; {address: ADDRESS, tls: true} is \
      for TLS, {address: ADDRESS, proxy: true} for proxies. The port is 6667 where none is said; \
      port 0 lets the system choose. A port alone is one of 127.0.0.1.
      """),
    SettingsKey(
      "listen-web", \.configuration.webListeners, .webListeners, takesEffect: .afterRestart,
      """
      Where to listen for browsers, which get a page to chat with. An address alone is for plain \
      connections; {address: ADDRESS, tls: true} is for TLS. The port is 8080 where none is said.
      """),
    SettingsKey(
      "web.names", \.configuration.webNames, .list(of: .word("a name, as in chat.example")),
      """
      Names under which browsers reach the server, besides server-name, the certificate's names, \
      this machine's and its addresses. Who comes by another name is refused (421): a page \
      elsewhere may have somebody's name server name our address.
      """),
    SettingsKey(
      "web.origins", \.configuration.webOrigins,
      .list(of: .word("an origin, as in https://chat.example, or '*'")),
      """
      Pages of other servers that may connect here; '*' is every page. The server's own may \
      always, as may programs, which name none.
      """),
    SettingsKey(
      "trusted-proxies", \.configuration.webProxies, .list(of: .network),
      """
      Addresses and networks of the proxies before the web ports. What they say in X-Forwarded-For \
      and X-Forwarded-Proto is believed: that address is the visitor's for limits, bans and classes.
      """),
    SettingsKey(
      "tokens", \.configuration.tokens, .list(of: .accessToken),
      """
      Programs that may ask the web ports for more than everybody, each with its own token \
      ('hubbub make-token').
      """),
    SettingsKey(
      "proxies", \.configuration.proxies, .list(of: .network),
      """
      Addresses and networks of the proxies that may come where an address listens for proxies; \
      nobody else may. There each connection must begin with a header that says where the client \
      comes from (PROXY protocol, version 1 or 2), before TLS. That address is the client's for \
      limits, bans, classes and everybody who asks; where the header names nobody, as in a check \
      of the server's health, it is the proxy's own. Elsewhere such a header is refused.
      """),
    SettingsKey(
      "webirc", \.configuration.gateways, .list(of: .gateway),
      """
      Gateways from the web, which say with WEBIRC where each of their clients comes from. What \
      they say is the client's address for limits, bans, classes and everybody who asks.
      """),
    SettingsKey(
      "server-name", \.configuration.serverName, .serverName, takesEffect: .afterRestart,
      "The server's name on the wire."),
    SettingsKey(
      "description", \.configuration.serverDescription, .text(),
      "What the server says it is, in LINKS and WHOIS."),
    SettingsKey(
      "network", \.configuration.networkName, .word("one word"), takesEffect: .afterRestart,
      "The network's name, as clients show it."),
    SettingsKey(
      "password", \.configuration.password, .optional(.secret),
      """
      What everybody must send with PASS to come in; null lets everybody in. Either the password \
      itself, or its hash as 'hubbub hash-password' prints it: then some tens of milliseconds of \
      the server's time for each who comes.
      """),
    SettingsKey(
      "tls", \.configuration.tls, .optional(.tls), takesEffect: .afterRestart,
      """
      The certificate for the addresses that listen with TLS; null where there are none. A reload \
      reads the files again, but not other names of files.
      """),
    SettingsKey(
      "motd", \.configuration.messageOfTheDay, .lines,
      "The message of the day, shown to everybody who comes in; null for none."),
    SettingsKey(
      "admin.location", \.configuration.administration.location, .text(),
      "Where the server is, as ADMIN answers it."),
    SettingsKey(
      "admin.organization", \.configuration.administration.organization, .text(),
      "Who runs it."),
    SettingsKey(
      "admin.email", \.configuration.administration.email, .text(), "How to reach them."),
  ]

  private static let peopleKeys: [SettingsKey<ServerSettings>] = [
    SettingsKey(
      "operators", \.configuration.operators, .list(of: .operatorAccount),
      """
      Who may become an operator of the server with OPER: KILL, WALLOPS, REHASH, KLINE, DLINE, and \
      SAMODE to mend a room. Those who are operators stay so when their account goes.
      """),
    SettingsKey(
      "classes", \.configuration.classes, .list(of: .clientClass),
      """
      Clients that are limited in another way than all others. The first class that a client \
      belongs to counts: by its address, as an operator of the server, or as a bot (user mode +B). \
      What is said here takes the place of the default, which frees the server's own machine from \
      limits; [] frees nobody.
      """),
    SettingsKey(
      "reserved-nicknames", \.configuration.reservedNicknames.patterns, .list(of: .nicknamePattern),
      """
      Nicknames that nobody can have, with * and ? for any characters: 432. Nor can anybody have \
      one that looks like them (N1ckServ). Clients send passwords to services by themselves: what \
      is said to such a name reaches nobody.
      """),
    SettingsKey(
      "die", \.configuration.allowsDie, .flag, "Whether operators may stop the server with DIE."),
    SettingsKey(
      "ban-file", \.configuration.banFile, .optional(.file), takesEffect: .afterRestart,
      """
      Where the bans of KLINE and DLINE are kept over a restart; null forgets them. The server \
      writes this file, and must be allowed to make files in its folder.
      """),
    SettingsKey(
      "cloaks", \.configuration.cloaks, .optional(.flag), takesEffect: .afterRestart,
      """
      Whether people are shown with a cloak in the place of their address: a host that hides it, \
      stays the same, and can be banned, with its network as well (*!*@*.mp3kx2ab.wq7r4tza.ip is a \
      /24 of IPv4 or a /48 of IPv6, *!*@*.wq7r4tza.ip a /16 or a /32). Bans of addresses and \
      networks hold all the same. Operators of the server see addresses, as everybody does their \
      own. true: everybody's; false: nobody's; null: everybody's but this machine's own clients', \
      where 'listen' has an address that is neither loopback nor private.
      """),
    SettingsKey(
      "cloak-key", \.configuration.cloakKeyFile, .optional(.file), takesEffect: .afterRestart,
      """
      The file with the secret that cloaks are made with, at least 16 bytes: another secret is \
      another cloak for everybody. Where there is none yet, the server makes it, for its user \
      alone (mode 0600). null: cloak.key beside the ban file, or else in $STATE_DIRECTORY, in \
      $XDG_STATE_HOME/hubbub or in ~/.local/state/hubbub.
      """),
  ]

  private static let roomKeys: [SettingsKey<ServerSettings>] = [
    SettingsKey(
      "rooms", \.configuration.rooms, .list(of: .persistentRoom),
      "Rooms that are there from the start and stay when the last one leaves."),
    SettingsKey(
      "lobby", \.configuration.lobby, .optional(.roomName),
      """
      The room that people come into who connect with nothing but a terminal (netcat, telnet); \
      null leaves them out.
      """),
    SettingsKey(
      "rotate-fan-out", \.configuration.rotatesFanOut, .flag, takesEffect: .afterRestart,
      """
      Whether the member that is delivered to first changes from message to message. false is \
      unfair, and there only to show how unfair.
      """),
    SettingsKey(
      "group-writes", \.configuration.writesInGroups, .flag, takesEffect: .afterRestart,
      """
      Whether all members of a room are written to with one system call (io_uring). Where the \
      system does not allow that, as in many containers, each is written to by itself, whatever \
      stands here.
      """),
    SettingsKey(
      "open-statistics", \.configuration.hasOpenStatistics, .flag,
      """
      Whether everybody may see how evenly rooms are served ('hubbub watch'), and not their \
      operators alone. Secret rooms stay secret.
      """),
  ]

  private static let loggingKeys: [SettingsKey<ServerSettings>] = [
    SettingsKey(
      "log.level", \.logLevel, .choice, takesEffect: .afterRestart,
      "What is logged, to standard error."),
    SettingsKey(
      "log.format", \.logFormat, .choice, takesEffect: .afterRestart,
      "Text for people, or a JSON object a line for programs."),
  ]
}
