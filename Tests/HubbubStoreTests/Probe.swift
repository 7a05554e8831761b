import Glibc
import TestSupport
import Testing

/// A `store-probe` of a test's own, which is beside the test's program.
final class Probe {
  private var process: pid_t = 0
  private let output: Int32
  private var buffer: [UInt8] = []

  private static var program: String {
    var buffer = [CChar](repeating: 0, count: 4096)
    readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let path = String(
      decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path[...path.lastIndex(of: "/")!] + "store-probe"
  }

  struct CannotStart: Error {
    let errno: Int32
  }

  init(_ kind: String, _ directory: String, seed: UInt64) throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw CannotStart(errno: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    let arguments: [String] = [Self.program, kind, directory, "\(seed)"]
    let words = arguments.map { strdup($0) } + [nil]
    let code = posix_spawn(&process, Self.program, &actions, nil, words, environ)
    posix_spawn_file_actions_destroy(&actions)
    for word in words { free(word) }
    close(ends[1])
    output = ends[0]
    guard code == 0 else { throw CannotStart(errno: code) }
  }

  deinit {
    kill()
    close(output)
  }

  /// What the child said next, without its ending; nil once it is gone. A line that is cut is none.
  func readLine() -> String? {
    while true {
      if let end = buffer.firstIndex(of: 10) {
        defer { buffer.removeSubrange(...end) }
        return String(decoding: buffer[..<end], as: UTF8.self)
      }
      var piece = [UInt8](repeating: 0, count: 4096)
      let count = read(output, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      buffer += piece[..<count]
    }
  }

  /// As `kill -9` does, and waits for its end.
  func kill() {
    guard process != 0 else { return }
    Glibc.kill(process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    process = 0
  }
}
