import HubbubSockets
import IRCWire
import Logging
import Yams

extension ServerSettings {
  /// Every option of the settings file, in the order in which it is printed.
  static let table = SettingsRecord(
    initial: ServerSettings(),
    keys: serverKeys + peopleKeys + roomKeys + loggingKeys + limitKeys)

  /// Checks what no option can know alone, and notes where those stand that are judged later. Not
  /// all options may have been readable.
  static func check(_ settings: inout ServerSettings, _ reading: inout SettingsReading) {
    for name in ["tls", "ban-file"] {
      if let place = reading.place(of: name) { settings.places.note(name, place) }
    }
    let configuration = settings.configuration
    if reading.place(of: "classes") != nil, !reading.isFaulty("classes"),
      let note = ClientClasses.note(on: configuration.classes)
    {
      reading.advise(note, about: "classes")
    }
    settings.places.notes = reading.notes
    if configuration.tls == nil, !configuration.secureEndpoints.isEmpty, !reading.isFaulty("tls") {
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

  private static let serverKeys: [SettingsKey<ServerSettings>] = [
    SettingsKey(
      "listen", \.configuration.listeners, .listeners, takesEffect: .afterRestart,
      """
      Where to listen. An address alone is for plain connections; {address: ADDRESS, tls: true} is \
      for TLS. The port is 6667 where none is said; port 0 lets the system choose. A port alone is one \
      of 127.0.0.1.
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
      itself, or its hash as 'hubbub hash-password' prints it: then some tens of milliseconds of the \
      server's time for each who comes.
      """),
    SettingsKey(
      "tls", \.configuration.tls, .optional(.tls), takesEffect: .afterRestart,
      """
      The certificate for the addresses that listen with TLS; null where there are none. A reload reads \
      the files again, but not other names of files.
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
      Who may become an operator of the server with OPER: KILL, WALLOPS, REHASH, KLINE, DLINE. Those who \
      are operators stay so when their account goes.
      """),
    SettingsKey(
      "classes", \.configuration.classes, .list(of: .clientClass),
      """
      Clients that are limited in another way than all others. The first class that a client belongs to \
      counts: by its address, as an operator of the server, or as a bot (user mode +B). What is said here \
      takes the place of the default, which frees the server's own machine from limits; [] frees nobody.
      """),
    SettingsKey(
      "die", \.configuration.allowsDie, .flag, "Whether operators may stop the server with DIE."),
    SettingsKey(
      "ban-file", \.configuration.banFile, .optional(.file), takesEffect: .afterRestart,
      """
      Where the bans of KLINE and DLINE are kept over a restart; null forgets them. The server writes \
      this file, and must be allowed to make files in its folder.
      """),
  ]

  private static let roomKeys: [SettingsKey<ServerSettings>] = [
    SettingsKey(
      "rooms", \.configuration.rooms, .list(of: .persistentRoom),
      "Rooms that are there from the start and stay when the last one leaves."),
    SettingsKey(
      "lobby", \.configuration.lobby, .optional(.roomName),
      """
      The room that people come into who connect with nothing but a terminal (netcat, telnet); null \
      leaves them out.
      """),
    SettingsKey(
      "rotate-fan-out", \.configuration.rotatesFanOut, .flag, takesEffect: .afterRestart,
      """
      Whether the member that is delivered to first changes from message to message. false is unfair, \
      and there only to show how unfair.
      """),
    SettingsKey(
      "open-statistics", \.configuration.hasOpenStatistics, .flag,
      """
      Whether everybody may see how evenly rooms are served ('hubbub watch'), and not their operators \
      alone. Secret rooms stay secret.
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
