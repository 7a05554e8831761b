import Glibc
import HubbubThreads
import TestSupport

/// The client with pipes instead of a terminal. One thread's alone.
final class Filter {
  struct Result {
    var code: Int32
    var output: String
    var errors: String
  }

  private let process: pid_t
  private var input: Int32

  // The client's end of its input, kept so that writing to one that has already gone raises no SIGPIPE
  // here. It must never have to hold more than a pipe does.
  private let heldInput: Int32
  private var output: Int32
  private var errors: Int32
  private let home: TemporaryDirectory

  init(
    _ arguments: [String], home: TemporaryDirectory = .init(), environment: [String: String] = [:]
  ) throws {
    self.home = home
    let pipes = try (0..<3).map { _ in
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { throw SystemError(call: "pipe", errno: errno) }
      for end in ends { _ = ioctl(end, UInt(FIOCLEX)) }
      return ends
    }
    process = try Spawned(
      [builtProgram("hubbub")] + arguments,
      environment: ["HOME": home.path, "LOGNAME": "max", "PATH": "/usr/bin:/bin"]
        .merging(environment) { $1 },
      streams: .descriptors([pipes[0][0], pipes[1][1], pipes[2][1]])
    ).process
    (input, output, errors) = (pipes[0][1], pipes[1][0], pipes[2][0])
    heldInput = pipes[0][0]
    for end in [pipes[1][1], pipes[2][1]] { close(end) }
  }

  deinit {
    closeInput()
    closeOutput()
    close(errors)
    close(heldInput)
  }

  func write(_ text: String) { _ = text.withCString { Glibc.write(input, $0, strlen($0)) } }

  func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  func closeOutput() {
    if output >= 0 { close(output) }
    output = -1
  }

  /// Waits for its end.
  func finish() throws -> Result {
    let hasEnded = try ProcessEnd.wait(for: process, upTo: PseudoTerminal.deadline)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    guard hasEnded else { throw SystemError(call: "waitpid", errno: ETIMEDOUT) }
    let code = status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    return Result(code: code, output: read(output), errors: read(errors))
  }

  private func read(_ descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while descriptor >= 0, case let count = Glibc.read(descriptor, &buffer, buffer.count), count > 0
    {
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
