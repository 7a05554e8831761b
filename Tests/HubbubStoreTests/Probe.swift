import Glibc
import TestSupport
import Testing

/// A `store-probe` of a test's own, which is beside the test's program.
final class Probe {
  private var process: pid_t
  private let output: Int32
  private var buffer: [UInt8] = []

  struct CannotStart: Error {
    let errno: Int32
  }

  init(_ kind: String, _ directory: String, seed: UInt64) throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw CannotStart(errno: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[1]) }
    output = ends[0]
    process = try Spawned(
      [builtProgram("store-probe"), kind, directory, "\(seed)"],
      environment: ["PATH": Spawned.path],
      streams: .descriptors([0, ends[1], 2])
    ).process
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
