import ArgumentParser
import HubbubClient

/// `hubbub join`: flags in, one call, an exit code out.
struct JoinCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "join",
    abstract: "Talk in a terminal, or pipe text into a room and out of it.",
    discussion: """
      At a terminal you get a prompt: type and press Enter. /help lists the commands, Tab \
      completes, Alt-1 to Alt-9 change rooms, Ctrl-C twice leaves.

      Elsewhere it is a filter. It says each line of its input in the first room, and prints what \
      it hears as lines of five fields with tabs between them: time, room, nick, kind (message, \
      action or notice), text.

        echo 'the build is green' | hubbub join --room '#dev' --send
        hubbub join --room '#dev' --read --count 10

      Exit codes: 0 done, 1 nobody answers, 2 not let in, 3 connection lost, 4 room refused, 5 \
      terminal, address or file unusable, 6 the server is not the right one (TLS), 64 wrong flags, \
      128 and more: ended by a signal.

      The password of a server is taken from HUBBUB_PASSWORD. What /save remembers is in \
      $XDG_CONFIG_HOME/hubbub/settings (~/.config), typed lines are in \
      $XDG_STATE_HOME/hubbub/history (~/.local/state).
      """)

  @Argument(
    help: """
      The server: host, host:port, a port of this machine, or irc:// and ircs:// addresses with \
      rooms. (default: as saved, or 127.0.0.1:6667)
      """)
  var server: String?

  @OptionGroup(title: "TLS")
  var tls: TLSClientOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A room to enter, with its key behind a space; may be repeated. (default: as saved, or "
        + "#lobby)",
      valueName: "room"))
  var room: [String] = []

  @Option(name: .long, help: "Your name. (default: as saved, or your login name)")
  var nick: String?

  @OptionGroup(title: "ACCOUNT")
  var account: AccountOptions

  @Flag(name: .long, help: "Use no colours; the variable NO_COLOR does the same.")
  var noColor = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A shell command to run when you are mentioned: HUBBUB_NICK, HUBBUB_ROOM and HUBBUB_TEXT "
        + "tell it.",
      valueName: "command"))
  var notify: String?

  @Flag(name: .long, help: "Say each line of the input, then leave.")
  var send = false

  @Flag(name: .long, help: "Print what is said.")
  var read = false

  @Option(name: .long, help: "Leave after this many printed lines.")
  var count: Int?

  func validate() throws {
    if nick?.isEmpty == true { throw ValidationError("--nick needs a name.") }
    for name in room where name.allSatisfy({ $0 == " " || $0 == "," }) {
      throw ValidationError("--room needs the name of a room.")
    }
    if let count, count < 1 { throw ValidationError("--count must be at least 1.") }
  }

  func run() throws {
    var options = ChatOptions()
    options.server = server
    options.tls = tls.trust
    options.rooms = room
    options.nickname = nick
    account.apply(to: &options)
    options.usesColor = !noColor
    options.notifyCommand = notify
    options.sends = send
    options.reads = read
    options.count = count
    throw ExitCode(ChatClient.run(options))
  }
}
