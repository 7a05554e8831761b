import Glibc
import HubbubThreads

/// Another program, started without Foundation's `Process`: that waits for all that holds a descriptor of the
/// child's, and a tmux server or what runs in it holds them for as long as it lives.
struct Spawned {
  let process: pid_t

  static let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"

  /// - Parameters:
  ///   - words: the program by its path, and its arguments.
  ///   - input: the descriptor that it reads; nil for nothing.
  ///   - output: the file that it writes to.
  init(
    _ words: [String], environment: [String: String], input: Int32? = nil, output: String
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // Tests run on threads that block most signals, and what is blocked would be blocked there as well: a tmux
    // server would never end.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let arguments = words.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for copy in arguments + variables { free(copy) } }
    var process = pid_t()
    let code = posix_spawn(&process, words[0], &actions, &attributes, arguments, variables)
    guard code == 0 else { throw SystemError(call: "posix_spawn", errno: code) }
    self.process = process
  }

  /// Waits for its end.
  ///
  /// - Returns: the exit code, or the negative number of the signal that ended it.
  func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
  }
}
