import Glibc
import HubbubThreads

/// Starts the program that is tested.
enum Spawn {
  /// `hubbub`, next to the bundle of the tests.
  static var hubbub: String {
    var buffer = [CChar](repeating: 0, count: 4096)
    readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let path = String(
      decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path[..<(path.lastIndex(of: "/") ?? path.startIndex)] + "/hubbub"
  }

  /// - Parameters:
  ///   - program: by its path; nil: the one that is tested.
  ///   - terminal: becomes its controlling terminal and its standard streams.
  ///   - streams: else these three descriptors.
  static func run(
    _ arguments: [String], program: String? = nil, terminal: String? = nil, streams: [Int32] = [],
    environment: [String: String]
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let terminal {
      posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
      posix_spawn_file_actions_adddup2(&actions, 0, 1)
      posix_spawn_file_actions_adddup2(&actions, 0, 2)
    }
    for (index, stream) in streams.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, stream, Int32(index))
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    // 0x80 is POSIX_SPAWN_SETSID: a session of its own, so that the terminal becomes its controlling one.
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | 0x80))
    var process = pid_t()
    let program = program ?? hubbub
    let words = ([program] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for copy in words + variables { free(copy) } }
    let code = posix_spawn(&process, program, &actions, &attributes, words, variables)
    guard code == 0 else { throw SystemError(call: "posix_spawn \(program)", errno: code) }
    return process
  }
}
