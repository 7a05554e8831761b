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
      listCapabilities(version: Self.version(message.parameters.dropFirst().first ?? ""))
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

  /// "The CAP version number argument MUST be treated as a number by the server."
  private static func version(_ text: String) -> Int {
    let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    return isNumber ? Int(text) ?? .max : 0
  }

  /// What is offered, with values for those who know of them: "If the client supports version 302".
  private func listCapabilities(version: Int) {
    let offered = Capability.names.filter { offers($0.capability) }
    guard version >= 302 else { return replyCapabilities("LS", offered.map(\.name)) }
    // "This capability MUST be implicitly enabled if the client requests CAP LS with a version of
    // 302 or newer".
    keepsCapNotify = true
    setCapabilities(capabilities.union(.capNotify))
    let words = offered.map { offer in
      value(of: offer.capability).map { "\(offer.name)=\($0)" } ?? offer.name
    }
    let lines = words.lists(bytes: 400, separator: " ")
    for line in lines.dropLast() { reply("CAP", [nickname, "LS", "*"], trailing: line) }
    reply("CAP", [nickname, "LS"], trailing: lines.last ?? "")
  }

  private func offers(_ capability: Capability) -> Bool {
    if Capability.ofHistory.contains(capability) { return hub.history != nil }
    // The nodes of a network have none in common.
    if Capability.ofMetadata.contains(capability) { return hub.cluster == nil }
    return switch capability {
    case .strictTransport: hub.configuration.tls?.stsPort != nil
    case .sasl, .accountRegistration, .accountNotify, .accountTag: hub.accounts != nil
    default: true
    }
  }

  private func value(of capability: Capability) -> String? {
    switch capability {
    case .multiline:
      return "max-bytes=\(hub.limits.multilineBytes),max-lines=\(hub.limits.multilineLines)"
    case .metadata2: return Self.metadataLimits
    case .metadata3: return "before-connect,\(Self.metadataLimits)"
    case .relayMessage: return String(RelayedNickname.separator)
    case .sasl: return saslMechanisms.map(\.rawValue).joined(separator: ",")
    case .accountRegistration: return mayRegisterBeforeConnect ? "before-connect" : nil
    case .strictTransport:
      // "Clients MUST ignore the duration on an insecure connection, and the port on a secure one."
      guard let tls = hub.configuration.tls, let port = tls.stsPort else { return nil }
      return "port=\(port),duration=\(tls.stsDuration.components.seconds)"
    default:
      return nil
    }
  }

  private static let metadataLimits =
    "max-subs=\(MetadataBook.maxSubscriptions),max-keys=\(MetadataBook.maxKeys),"
    + "max-value-bytes=\(MetadataBook.maxValueBytes)"

  /// "The capability identifier set must be accepted as a whole, or rejected entirely."
  private func request(_ list: String) {
    var wanted = capabilities
    for word in list.split(separator: " ") {
      let isRemoval = word.first == "-"
      // The sts policy is announced; "Clients MUST NOT request this capability with CAP REQ."
      guard let capability = Capability(named: String(isRemoval ? word.dropFirst() : word)),
        capability != .strictTransport, offers(capability),
        // "servers MUST NOT disable the cap-notify capability" of those who asked for version 302.
        !(isRemoval && keepsCapNotify && capability == .capNotify)
      else { return reply("CAP", [nickname, "NAK"], trailing: list) }
      if isRemoval { wanted.subtract(capability) } else { wanted.formUnion(capability) }
    }
    reply("CAP", [nickname, "ACK"], trailing: list)
    flush()
    let isMetadataNew =
      capabilities.isDisjoint(with: .ofMetadata) && !wanted.isDisjoint(with: .ofMetadata)
    setCapabilities(wanted)
    if registration.isComplete, isMetadataNew { tellOwnMetadata() }
  }

  private func replyCapabilities(_ subcommand: String, _ names: [String]) {
    reply("CAP", [nickname, subcommand], trailing: names.joined(separator: " "))
  }

  private func setCapabilities(_ wanted: Capability) {
    // Each room that it is in is read on in another form.
    if wanted != capabilities { charge(100 * member.rooms.count) }
    capabilities = wanted
    hub.registry.setCapabilities(wanted, of: memberSession)
    detachReadCursors()
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
    guard !hub.configuration.reservedNicknames.contains(wanted) else {
      return reply(
        .erroneousNickname, [wanted], trailing: "This nickname is reserved: choose another")
    }
    // Before that the name is only wished for, and who it is may still be shown.
    if registration.isComplete, !mayHave(nickname: wanted) { return replyNicknameOwned(wanted) }
    do throws(Refusal) {
      try announce(.changeNickname(wanted, asWish: mayBeOwnNickname(wanted)))
      refreshAuthor(keepingLabel: true)
      registration.hasNickname = true
      completeRegistration()
    } catch .nicknameHeld(let room) {
      reply(
        .nicknameHeld, [wanted, room], trailing: "Cannot change nickname while banned on channel")
    } catch {
      refuseNickname(wanted)
    }
  }

  /// Whether somebody who is still to show whose account it has may do so: then it is not refused a
  /// nickname that another of its connections has.
  private func mayBeOwnNickname(_ wanted: String) -> Bool {
    guard !registration.isComplete, let accounts = hub.accounts else { return false }
    let mayShow =
      registration.isNegotiating || login != nil
      || registration.password?.contains(":") == true
    let holder = hub.registry.member(named: wanted)?.profile.account
    return mayShow && (holder != nil || accounts.owner(ofNickname: wanted) != nil)
  }

  /// Somebody else has the nickname. Who asks for it may be that somebody, come again: the holder
  /// is asked whether it is there.
  private func refuseNickname(_ wanted: String) {
    reply(.nicknameInUse, [wanted], trailing: "Nickname is already in use")
    if let holder = hub.registry.member(named: wanted), holder !== member {
      askWhetherThere(holder)
    }
  }

  /// Has somebody asked whether it is there, whose nickname this client wants.
  func askWhetherThere(_ holder: Member) {
    for session in holder.sessions {
      hub.clients.client(session.id)?.askWhetherThere(now: Moment.now)
    }
  }

  /// `USER <user> 0 * :<real name>`
  fileprivate func introduce(_ parameters: [String]) {
    let limits = hub.limits
    // "The minimum length of <username> is 1 … ERR_NEEDMOREPARAMS"; a real name is asked for
    // likewise.
    guard !parameters[0].isEmpty, !parameters[3].isEmpty else {
      return reply(.needMoreParameters, ["USER"], trailing: "Not enough parameters")
    }
    let name = Names.userName(from: parameters[0], limit: limits.userNameBytes)
    member.updateProfile { profile in
      // The tilde says that nobody has checked the name.
      profile.userName = "~\(name)"
      profile.realName = parameters[3].cut(toBytes: limits.realNameBytes)
    }
    refreshAuthor()
    registration.hasUser = true
    completeRegistration()
  }

  /// Lets the client in when nothing is missing any more, and gives it its nickname. Where somebody
  /// else was here first, another is asked for.
  private func completeRegistration() {
    guard registration.isReady, mayEnter() else { return }
    // "If the client completes registration (with CAP END, NICK, USER and any other necessary
    // messages) while the SASL authentication is still in progress, the server SHOULD abort it and
    // send a 906 numeric, then register the client without authentication" (IRCv3 sasl-3.1).
    abortSasl()
    let account = login.flatMap { hub.accounts?.account($0.account) }
    // It may have been suspended, erased or renamed since.
    if let login, account?.isOpen != true || account?.name != login.name {
      return refuse("Your account is not what it was: log in again")
    }
    let isApart = account?.flags.contains(.keepsDevicesApart) == true
    let isFurther =
      !isApart && account.map { hub.registry.person(ofAccount: $0.name) != nil } == true
    if !mayHave(nickname: nickname) {
      guard isFurther else {
        registration.hasNickname = false
        return replyNicknameOwned(nickname)
      }
      // It gets its person's, unless that one is just leaving: then it comes in as a guest.
      _ = try? perform(.changeNickname(Self.guestName, asWish: true))
    }
    do throws(Refusal) {
      let outcome = try perform(.register(isApart: isApart))
      registration.isComplete = true
      registration.password = nil
      guard case .attached(let attachment) = outcome.answer else {
        client.didRegister(isFurther: false)
        refreshAuthor()
        return welcome()
      }
      client.didRegister(isFurther: hub.cluster == nil)
      attach(attachment) { welcome() }
    } catch .tooManySessions {
      refuse("Your account has as many connections here as it may")
    } catch {
      let wanted = nickname
      registration.hasNickname = false
      refreshAuthor()
      refuseNickname(wanted)
    }
  }

  private func welcome() {
    // At once: each smaller piece that is outgrown would stay with the thread, in its allocator's
    // cache.
    reserve(answerBytes: 4096)
    let name = hub.serverName
    reply(
      .welcome, trailing: "Welcome to the \(hub.configuration.networkName) network, \(source)")
    reply(.yourHost, trailing: "Your host is \(name), running \(Version.text)")
    reply(.created, trailing: "This server was started \(hub.startedAt.description)")
    let syntax = RoomModes.syntax
    reply(
      .myInfo,
      [name, Version.text, UserModes.syntax.flags, syntax.letters, syntax.lettersWithParameter])
    replySupport()
    let profile = member.profile
    if profile.host != profile.peerAddress {
      reply(.hostHidden, [profile.host], trailing: "is now your displayed host")
    }
    replyPopulation()
    replyMessageOfTheDay()
    tellOwnMetadata()
  }
}
