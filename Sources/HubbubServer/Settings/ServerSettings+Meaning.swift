import IRCWire

extension ServerSettings {
  /// Checks what can be read and cannot be meant: it would be believed to do something.
  static func checkMeaning(_ configuration: Configuration, _ reading: inout SettingsReading) {
    if reading.place(of: "listen") != nil, !reading.isFaulty("listen"),
      configuration.chatListeners.isEmpty
    {
      reading.note("it is empty; expected at least one address", about: "listen")
    }
    checkWeb(configuration, &reading)
    checkFiles(configuration, &reading)
    checkRoomOperators(configuration, &reading)
  }

  private static func checkWeb(_ configuration: Configuration, _ reading: inout SettingsReading) {
    if configuration.tls == nil, !reading.isFaulty("tls"),
      !configuration.secureWebEndpoints.isEmpty
    {
      reading.note(
        "an address listens with TLS; expected 'tls' with a certificate", about: "listen-web")
    }
    // What is wrong with one list alone is said there.
    let own =
      ListenClash.all(in: configuration.chatListeners).count
      + ListenClash.all(in: configuration.webListeners).count
    if ListenClash.all(in: configuration.listeners).count > own {
      reading.note(
        "an address is in 'listen' as well; expected one of its own", about: "listen-web")
    }
    for network in configuration.webProxies where AddressRange(network)?.isEverything == true {
      reading.note(
        "'\(network)' is everybody, who could then come from anywhere; expected the addresses of "
          + "those who are believed", about: "trusted-proxies")
    }
  }

  /// What the server writes must not be what it reads: a secret would end up in a list of bans.
  private static func checkFiles(_ configuration: Configuration, _ reading: inout SettingsReading) {
    let files = [
      ("ban-file", configuration.banFile), ("cloak-key", configuration.cloakKeyFile),
      ("tls", configuration.tls?.certificateFile), ("tls", configuration.tls?.keyFile),
    ].compactMap { name, file in file.map { (name: name, path: $0) } }
    for (index, file) in files.enumerated() {
      let other = files[..<index].first { $0.path == file.path && $0.name != file.name }
      guard let other else { continue }
      reading.note(
        "'\(file.path)' is the file of '\(other.name)' as well; expected one of its own",
        about: file.name)
    }
  }

  private static func checkRoomOperators(
    _ configuration: Configuration, _ reading: inout SettingsReading
  ) {
    let accounts = Set(configuration.operators.map(\.name))
    guard !reading.isFaulty("operators") else { return }
    for room in configuration.rooms {
      for name in room.operators.compactMap({ OperatorAccount.named(by: $0) })
      where !accounts.contains(name) {
        reading.note(
          "'oper:\(name)' operates \(room.name), and 'operators' has no '\(name)'", about: "rooms")
      }
    }
  }
}
