import Glibc
import HubbubThreads

/// Another program, started without Foundation's `Process`: that waits for all that holds a descriptor of the
/// child's, and a tmux server or what runs in it holds them for as long as it lives; nor does it give a terminal.
public struct Spawned: Sendable {
  public let process: pid_t

  public static let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"

  /// What becomes the program's standard streams.
  public enum Streams: Sendable {
    /// A terminal by its path, which becomes the controlling one.
    case terminal(String)

    /// Descriptors for 0, 1 and 2, as many as there are.
    case descriptors([Int32])

    /// What it reads, nothing if nil, and the file that it writes to.
    case file(input: Int32? = nil, output: String)
  }

  /// - Parameter words: the program by its path, and its arguments.
  /// - Throws: `SystemError` when the system starts no such program.
  public init(_ words: [String], environment: [String: String], streams: Streams) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // A terminal becomes the controlling one of a session of its own: 0x80 is POSIX_SPAWN_SETSID.
    var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    switch streams {
    case .terminal(let path):
      posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
      for stream: Int32 in 1...2 { posix_spawn_file_actions_adddup2(&actions, 0, stream) }
      flags |= 0x80
    case .descriptors(let descriptors):
      for (stream, descriptor) in descriptors.enumerated() {
        posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(stream))
      }
      flags |= 0x80
    case .file(let input, let output):
      if let input {
        posix_spawn_file_actions_adddup2(&actions, input, 0)
      } else {
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      }
      posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      posix_spawn_file_actions_adddup2(&actions, 1, 2)
    }
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
    posix_spawnattr_setflags(&attributes, Int16(flags))
    let arguments = words.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for copy in arguments + variables { free(copy) } }
    var process = pid_t()
    let code = posix_spawn(&process, words[0], &actions, &attributes, arguments, variables)
    guard code == 0 else { throw SystemError(call: "posix_spawn \(words[0])", errno: code) }
    self.process = process
  }

  /// Waits for its end.
  ///
  /// - Returns: the exit code, or the negative number of the signal that ended it.
  public func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
  }
}
