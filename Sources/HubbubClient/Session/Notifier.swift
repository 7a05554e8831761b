import Glibc

/// Runs the user's command when someone mentions them.
///
/// The command gets who, where and what in HUBBUB_NICK, HUBBUB_ROOM and HUBBUB_TEXT, never in its
/// own text: a message must not become a part of a shell command. One thread's alone.
struct Notifier {
  /// More at once are not started.
  private static let limit = 4

  let command: String
  private var running: [pid_t] = []

  init(command: String) { self.command = command }

  /// Starts the command and does not wait for it.
  ///
  /// - Returns: false when it could not be started.
  mutating func run(_ alert: Alert) -> Bool {
    reap()
    guard running.count < Self.limit else { return true }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in Int32(0)...2 {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A shell expects SIGPIPE to end what writes to nobody; here it is ignored.
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    let words = ["/bin/sh", "-c", command]
    var process = pid_t()
    let code = Self.withCStrings(words) { arguments in
      Self.withCStrings(Self.environment(alert)) { environment in
        posix_spawn(&process, "/bin/sh", &actions, &attributes, arguments, environment)
      }
    }
    if code == 0 { running.append(process) }
    return code == 0
  }

  /// Takes note of commands that ended.
  mutating func reap() {
    running.removeAll { waitpid($0, nil, WNOHANG) != 0 }
  }

  private static func environment(_ alert: Alert) -> [String] {
    var variables = Environment.all
    variables["HUBBUB_PASSWORD"] = nil
    variables["HUBBUB_NICK"] = alert.author
    variables["HUBBUB_ROOM"] = alert.room
    variables["HUBBUB_TEXT"] = alert.text
    return variables.map { "\($0)=\($1)" }
  }

  private static func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
