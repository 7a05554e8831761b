import HubbubDial
import HubbubSockets
import IRCWire

// Several servers: opening, closing, and going from one to another.

extension TerminalSession {
  /// Two threads each.
  private static let maxServers = 16

  // MARK: Opening and closing

  /// Opens a server, or goes to it where it is open. It takes the place of the one on the screen
  /// where that was left or never reached.
  ///
  /// - Parameter talk: the server whose chat wants it. Where that is not on the screen, as with
  ///   commands on connect, nothing else comes there.
  func connect(_ address: ServerAddress, _ password: String?, from talk: ServerTalk) {
    let known = talks.firstIndex { $0.chat.server == address.name }
    if let known, talks[known] !== talk || !talk.givesItsPlace {
      return goBack(to: known, address, shows: talk === self.talk)
    }
    let trust: TLSTrust?
    let target: LinkTarget
    do {
      trust = try self.trust(for: address)
      guard let endpoint = Endpoint(address.name, defaultPort: trust == nil ? 6667 : 6697) else {
        let name = SafeText.clean(address.name)
        return tell("“\(name)” is not a server: write host or host:port.", isFailure: true)
      }
      target = LinkTarget(
        endpoint: endpoint, tls: try trust.map { try TLSContext(client: $0) }, password: password)
      if talk.givesItsPlace, talk === self.talk {
        replace(with: target, address, trust)
      } else {
        try open(target, address, trust, from: talk)
      }
    } catch {
      tell("\(error)", isFailure: true)
    }
  }

  /// Goes to a server that is open, and into the rooms of the address.
  private func goBack(to known: Int, _ address: ServerAddress, shows: Bool) {
    let talk = talks[known]
    guard address.isEncrypted != true || talk.chat.trust != nil else {
      let name = SafeText.clean(address.name)
      return tell("\(name) is open in plain text: /disconnect it first, twice.", isFailure: true)
    }
    if shows { show(known) }
    talk.startRooms += address.rooms
    switch talk.chat.link {
    case .up where address.rooms.isEmpty:
      talk.chat.inform("\(SafeText.clean(address.name)) is open; /reconnect connects again.")
    case .up: enterRooms(of: talk)
    case .parked: talk.chat.comeBack()
    case .connecting, .down: break
    }
  }

  private func replace(with target: LinkTarget, _ address: ServerAddress, _ trust: TLSTrust?) {
    talk.chat.leaveServer(for: address.name, nickname: address.nickname)
    talk.chat.trust = trust?.setting
    talk.startRooms = address.rooms
    talk.isNewHere = true
    talk.link.goAgain(to: target, nickname: talk.chat.wantedNickname)
  }

  private func open(
    _ target: LinkTarget, _ address: ServerAddress, _ trust: TLSTrust?, from talk: ServerTalk
  ) throws {
    guard talks.count < Self.maxServers else {
      return tell("\(Self.maxServers) servers are open: /disconnect one first.", isFailure: true)
    }
    let inbox = Inbox(waking: editor.wakePipe)
    let nickname = address.nickname ?? talk.chat.wantedNickname
    var chat = Chat(
      nickname: nickname, server: address.name, settings: talk.chat.settings, now: .now)
    chat.trust = trust?.setting
    chat.rooms.isOnScreen = false
    let link = Link(target: target, nickname: nickname, inbox: inbox)
    try link.start()
    let opened = ServerTalk(chat: chat, link: link, inbox: inbox, startRooms: address.rooms)
    talks.append(opened)
    if talk === self.talk { show(talks.count - 1) }
    opened.chat.inform("Going to \(SafeText.clean(address.name)) …")
  }

  /// Whom to believe to be the server: what is remembered of it, unless the address says better.
  private func trust(for address: ServerAddress) throws -> TLSTrust? {
    let settings = talk.chat.settings
    switch address.isEncrypted {
    case true?: return .systemAuthorities
    case false?: return nil
    case nil: return address.name == settings.server ? try settings.trust() : nil
    }
  }

  /// Lets go of a server and its rooms; another one's come onto the screen.
  func close(_ talk: ServerTalk) {
    guard talks.count > 1, let index = talks.firstIndex(where: { $0 === talk }) else { return }
    let isShown = index == shown
    if isShown { show(index == 0 ? 1 : index - 1) }
    talks.remove(at: index)
    if index < shown { shown -= 1 }
    talk.link.end("Leaving")
    self.talk.chat.inform("\(SafeText.clean(talk.chat.server)) is closed.")
  }

  /// Says goodbye to all servers at the same time.
  func endAll(_ farewell: String) {
    let deadline = ContinuousClock.now + .seconds(1)
    for talk in talks { talk.link.sayGoodbye(farewell) }
    for talk in talks { talk.link.end(farewell, upTo: max(.zero, deadline - .now)) }
  }

  /// What is set with one server is set for all.
  func shareSettings() {
    for other in talks where other !== talk { other.chat.settings = talk.chat.settings }
  }

  // MARK: Going from one to another

  /// Puts a server onto the screen.
  private func show(_ index: Int) {
    guard index != shown else { return }
    talk.chat.leaveScreen()
    perform()
    shown = index
    talk.chat.elsewhere = elsewhere(of: index)
    talk.chat.now = .now
    talk.chat.comeOnScreen()
  }

  /// The rooms of all servers in their order; a server without rooms has one place.
  private var places: [(talk: Int, room: Int?)] {
    talks.indices.flatMap { talk -> [(talk: Int, room: Int?)] in
      let rooms = talks[talk].chat.rooms.all.indices
      return rooms.isEmpty ? [(talk, nil)] : rooms.map { (talk, $0) }
    }
  }

  func goToRoom(number: Int) {
    let rooms = places.filter { $0.room != nil }
    guard rooms.indices.contains(number - 1) else { return talk.chat.goToRoom(number: number) }
    go(to: rooms[number - 1])
  }

  func changeRoom(by step: Int) {
    let places = places
    let here = places.firstIndex { place in
      place.talk == shown && place.room == talk.chat.rooms.currentIndex
    }
    guard let here else { return }
    go(to: places[(here + step + places.count) % places.count])
  }

  /// Mentions first, then whatever was said; the server on the screen before the others.
  func goToMostWanted() {
    let order = [shown] + talks.indices.filter { $0 != shown }
    let wanted = order.compactMap { index -> (talk: Int, room: Int?, isMention: Bool)? in
      let rooms = talks[index].chat.rooms
      return rooms.mostWanted.map { (index, $0, rooms.all[$0].mentions > 0) }
    }
    if let first = wanted.first(where: \.isMention) ?? wanted.first {
      go(to: (first.talk, first.room))
    }
  }

  private func go(to place: (talk: Int, room: Int?)) {
    if place.talk != shown, let room = place.room { talks[place.talk].chat.rooms.choose(room) }
    show(place.talk)
    if let room = place.room { talk.chat.goToRoom(at: room) }
  }

  /// What one of them is to know of the others.
  func elsewhere(of index: Int) -> Elsewhere {
    var elsewhere = Elsewhere()
    var count = 0
    for (number, talk) in talks.enumerated() {
      if number == index {
        elsewhere.before = count
      } else {
        elsewhere.rooms += talk.chat.described(from: count + 1)
        elsewhere.servers.append((talk.chat.server, talk.chat.link == .up))
      }
      count += talk.chat.rooms.all.count
    }
    return elsewhere
  }
}
