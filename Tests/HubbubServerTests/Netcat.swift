import Foundation
import Glibc
import TestSupport
import Testing

/// `nc` with its streams as they are, so that each byte can be looked at.
final class Netcat {
  private let program: Spawned

  /// What it reads. Its end is kept, so that writing to one that has already gone raises no SIGPIPE,
  /// which would end the whole run of the tests.
  private let pipe = Pipe()
  private let output: URL

  init(_ port: UInt16) throws {
    output = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    program = try Spawned(
      ["/usr/bin/env", "nc", "127.0.0.1", "\(port)"], environment: ["PATH": Spawned.path],
      streams: .file(
        input: pipe.fileHandleForReading.fileDescriptor, output: output.path))
  }

  deinit {
    kill(program.process, SIGKILL)
    _ = program.wait()
    try? FileManager.default.removeItem(at: output)
  }

  func type(_ line: String) throws {
    try pipe.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
  }

  /// All that came so far.
  var text: String {
    // Nothing, until the first byte has come.
    String(decoding: (try? Data(contentsOf: output)) ?? Data(), as: UTF8.self)
  }

  func wait(for part: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let deadline = ContinuousClock.now + ScriptedClient.patience
    while ContinuousClock.now < deadline {
      if text.contains(part) { return }
      sched_yield()
    }
    Issue.record("never “\(part)” in:\n\(text)", sourceLocation: sourceLocation)
  }
}
