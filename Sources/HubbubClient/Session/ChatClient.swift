import Glibc
import HubbubDial
import HubbubSockets
import IRCWire

/// The terminal client.
public enum ChatClient {
  private static let defaultRoom = "#lobby"

  /// Talks until the person leaves, the input ends or the count is reached.
  ///
  /// At a terminal it shows a prompt; elsewhere, or when asked to send or to read, it is a filter.
  /// Call it on the main thread: libedit stays on it.
  /// - Returns: the code to exit with; see `ChatExit`.
  public static func run(_ options: ChatOptions) -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    let environment = Environment.all
    let files = UserFiles(environment: environment)
    var options = options
    options.password = options.password ?? environment["HUBBUB_PASSWORD"]
    let remembered: String
    do throws(FileError) { remembered = try files?.readSettings() ?? "" } catch {
      // Whom to trust may be in it: without it one might talk to somebody else.
      complain("The settings in \(files?.settingsPath ?? "") cannot be read: \(error).")
      return ChatExit.unusable.rawValue
    }
    let (settings, mistakes) = Settings.parse(remembered)
    let named = options.server ?? settings.server ?? "127.0.0.1"
    guard let address = ServerAddress(named) else {
      complain("“\(SafeText.clean(named))” is not a server: write host, host:port or ircs://host.")
      return ChatExit.unusable.rawValue
    }
    let server = address.name
    let tls: TLSContext?
    let account: Account?
    do {
      // What is remembered is remembered of that server alone.
      if options.tls == nil, address.isEncrypted == nil, server == settings.server {
        options.tls = try settings.trust()
      }
      if options.tls == nil, address.isEncrypted == true { options.tls = .systemAuthorities }
      let choice = try AccountChoice(
        options, settings.forServer(server), isEncrypted: options.tls != nil, server: server,
        home: environment["HOME"])
      account = choice.account
      tls = try options.tls.map { try TLSContext(client: $0, identity: choice.identity) }
    } catch {
      complain(SafeText.clean("\(error)"))
      return ChatExit.unusable.rawValue
    }
    let nickname =
      options.nickname ?? address.nickname ?? settings.nickname ?? Environment.loginNickname
    guard !nickname.isEmpty, !nickname.contains(where: { $0.isWhitespace || $0 == "," }),
      OutgoingText.clean(nickname) == nickname, !nickname.hasPrefix(":")
    else {
      complain("“\(SafeText.clean(nickname))” cannot be a name: give another with --nick.")
      return ChatExit.unusable.rawValue
    }
    guard let endpoint = Endpoint(server, defaultPort: tls == nil ? 6667 : 6697) else {
      complain("“\(SafeText.clean(server))” is not a server: write host or host:port.")
      return ChatExit.unusable.rawValue
    }
    let plan = Plan(
      endpoint: endpoint, tls: tls, server: server, rooms: rooms(options, address, settings),
      nickname: nickname, account: account,
      settings: settings, mistakes: mistakes, files: files, options: options)
    if options.sends || options.reads || options.count != nil || !isAtTerminal(environment) {
      return ScriptSession(plan).run()
    }
    return converse(plan, environment)
  }

  /// What flags, settings and defaults come to.
  struct Plan {
    var endpoint: Endpoint
    var tls: TLSContext?
    var server: String
    var rooms: [Settings.Room]
    var nickname: String
    var account: Account?
    var settings: Settings
    var mistakes: [String]
    var files: UserFiles?
    var options: ChatOptions
  }

  private static func converse(_ plan: Plan, _ environment: [String: String]) -> Int32 {
    let palette = Palette(
      environment: environment,
      wantsColor: plan.options.usesColor && plan.settings.isOn(.colors))
    do {
      let editor = try LineEditor(input: 0, output: 1, palette: palette)
      let inbox = Inbox(waking: editor.wakePipe)
      let link = Link(
        target: LinkTarget(
          endpoint: plan.endpoint, tls: plan.tls, password: plan.options.password,
          account: plan.account),
        nickname: plan.nickname, inbox: inbox)
      var chat = Chat(
        nickname: plan.nickname, server: plan.server, settings: plan.settings, now: .now)
      chat.trust = plan.options.tls?.setting
      let session = TerminalSession(
        editor: editor,
        talk: ServerTalk(chat: chat, link: link, inbox: inbox, startRooms: plan.rooms),
        files: plan.files, palette: palette,
        usesColor: plan.options.usesColor, notifier: plan.options.notifyCommand.map(Notifier.init))
      for mistake in plan.mistakes { session.tell("In the settings: \(mistake)", isFailure: true) }
      try link.start()
      return session.run()
    } catch {
      complain("The terminal cannot be used: \(error)")
      return ChatExit.unusable.rawValue
    }
  }

  /// Says on the standard error what went wrong.
  static func complain(_ text: String) {
    let line = "hubbub: \(text)\n"
    // Nobody is left to hear of it if even this fails.
    _ = line.withCString { write(2, $0, strlen($0)) }
  }

  private static func rooms(
    _ options: ChatOptions, _ address: ServerAddress, _ settings: Settings
  ) -> [Settings.Room] {
    let asked = options.rooms.flatMap(listed) + address.rooms
    let rooms = !asked.isEmpty ? asked : settings.rooms
    let named = rooms.map { room in
      let isNamed = room.name.first.map { "#&+!".contains($0) } ?? false
      return Settings.Room(name: isNamed ? room.name : "#" + room.name, key: room.key)
    }
    return named.isEmpty ? [.init(name: defaultRoom)] : named
  }

  /// `#a,#b key,key`, as JOIN takes them.
  private static func listed(_ text: String) -> [Settings.Room] {
    var words = Words(text)
    let names = words.next()?.split(separator: ",") ?? []
    let keys = words.next()?.split(separator: ",", omittingEmptySubsequences: false) ?? []
    return names.enumerated().map { index, name in
      let key = keys.indices.contains(index) && !keys[index].isEmpty ? String(keys[index]) : nil
      return Settings.Room(name: String(name), key: key)
    }
  }

  private static func isAtTerminal(_ environment: [String: String]) -> Bool {
    let terminal = environment["TERM"] ?? ""
    return isatty(0) == 1 && isatty(1) == 1 && !terminal.isEmpty && terminal != "dumb"
  }
}
