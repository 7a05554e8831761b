import HubbubRooms
import IRCWire

/// Coming in: CAP, PASS, NICK, USER, and what keeps a connection alive and ends it.
let registrationCommands: [String: Command] = [
  "CAP": Command(.anyTime, parameters: 1, usage: "LS [302] | LIST | REQ :<capabilities> | END") {
    $0.negotiate($1)
  },
  "PASS": Command(.unregistered, parameters: 1, usage: "<password>") { session, message in
    session.registration.password = message.parameters[0]
  },
  "NICK": Command(
    .anyTime, parameters: 1, usage: "<nickname>",
    missing: { session, _ in
      session.reply(.noNicknameGiven, trailing: "No nickname given")
    },
    run: { $0.changeNickname($1.parameters[0]) }),
  "USER": Command(.unregistered, parameters: 4, usage: "<user> 0 * :<real name>") {
    $0.introduce($1.parameters)
  },
  "PING": Command(
    .anyTime, parameters: 1, usage: "<token>",
    missing: { session, _ in session.reply(.noOrigin, trailing: "No origin specified") },
    run: { session, message in
      session.reply("PONG", [session.hub.serverName], trailing: message.parameters[0])
    }),
  "PONG": Command(.anyTime, usage: "<token>") { _, _ in },
  "QUIT": Command(.anyTime, usage: "[:<reason>]") { session, message in
    session.quit(message.parameters.first)
  },
]

extension Session {
  /// `CAP LS [302] | LIST | REQ :<capabilities> | END`
  ///
  /// IRCv3 capability negotiation.
  fileprivate func negotiate(_ message: Message) {
    switch message.parameters[0].uppercased() {
    case "LS":
      registration.isNegotiating = !registration.isComplete
      // "cap-notify is implicitly enabled if a client requests version 302 or higher".
      if message.parameters.count > 1, Int(message.parameters[1]) ?? 0 >= 302 {
        setCapabilities(capabilities.union(.capNotify))
      }
      replyCapabilities("LS", Capability.names.map(\.name))
    case "LIST":
      replyCapabilities("LIST", capabilities.wireNames)
    case "REQ":
      registration.isNegotiating = !registration.isComplete
      request(message.parameters.count > 1 ? message.parameters[1] : "")
    case "END":
      registration.isNegotiating = false
      completeRegistration()
    default:
      reply(
        .invalidCapCommand, [safe(message.parameters[0])], trailing: "Invalid CAP command")
    }
  }

  /// All or nothing: "If a client requests a capability which is not offered, the server replies NAK".
  private func request(_ list: String) {
    var wanted = capabilities
    for word in list.split(separator: " ") {
      let isRemoval = word.first == "-"
      guard let capability = Capability(named: String(isRemoval ? word.dropFirst() : word)) else {
        return replyCapabilities("NAK", [list])
      }
      if isRemoval { wanted.subtract(capability) } else { wanted.formUnion(capability) }
    }
    replyCapabilities("ACK", [list])
    flush()
    setCapabilities(wanted)
  }

  private func replyCapabilities(_ subcommand: String, _ names: [String]) {
    reply("CAP", [nickname, subcommand], trailing: names.joined(separator: " "))
  }

  private func setCapabilities(_ wanted: Capability) {
    capabilities = wanted
    hub.registry.setCapabilities(wanted, of: member)
  }

  /// `NICK <nickname>`
  fileprivate func changeNickname(_ wanted: String) {
    guard !wanted.isEmpty else {
      return reply(.noNicknameGiven, trailing: "No nickname given")
    }
    guard Names.isNickname(wanted, limit: hub.limits.nicknameBytes) else {
      return reply(.erroneousNickname, [safe(wanted)], trailing: "Erroneous nickname")
    }
    if wanted == nickname { return }
    var line = LineBuffer()
    line.append(source: source, "NICK", [], trailing: wanted)
    let event = Event(author: member.id, echo: .always, line: line.bytes)
    do throws(Refusal) {
      let rooms = try hub.registry.rename(member, to: wanted, event, now: .now)
      // With no room to see it in, the client is told by itself.
      if rooms.isEmpty, registration.isComplete {
        tell(from: source, "NICK", [], trailing: wanted)
      }
      take(nickname: wanted)
      rooms.forEach(willDeliver(to:))
      registration.hasNickname = true
      completeRegistration()
    } catch {
      reply(.nicknameInUse, [wanted], trailing: "Nickname is already in use")
    }
  }

  /// `USER <user> 0 * :<real name>`
  fileprivate func introduce(_ parameters: [String]) {
    let limits = hub.limits
    let name = Names.userName(from: parameters[0], limit: limits.userNameBytes)
    member.updateProfile { profile in
      // The tilde says that nobody has checked the name.
      profile.userName = "~\(name)"
      profile.realName = parameters[3].cut(toBytes: limits.realNameBytes)
    }
    refreshSource()
    registration.hasUser = true
    completeRegistration()
  }

  /// Lets the client in when nothing is missing any more.
  private func completeRegistration() {
    guard registration.isReady else { return }
    guard mayEnter() else { return }
    registration.isComplete = true
    registration.password = nil
    member.updateProfile { $0.isRegistered = true }
    client.noteRegistration()
    welcome()
  }

  private func welcome() {
    let name = hub.serverName
    reply(
      .welcome, trailing: "Welcome to the \(hub.configuration.networkName) network, \(source)")
    reply(.yourHost, trailing: "Your host is \(name), running \(Version.text)")
    reply(.created, trailing: "This server was started \(hub.startedAt.description)")
    reply(.myInfo, [name, Version.text, "i", "imnstklov", "klov"])
    replySupport()
    replyPopulation()
    replyMessageOfTheDay()
  }
}
