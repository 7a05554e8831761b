import Foundation
import HubbubDial
import HubbubSockets
import TestSupport

/// The server as people run it: a process of its own, seen from outside through /proc.
final class ServerProcess {
  let endpoint: Endpoint

  /// What it logged up to the line that says where it listens.
  let opening: String

  /// What it logs, from the first line on.
  let log = LogRecord()
  private let process = Process()

  private let output = Pipe()

  static var binary: URL { URL(fileURLWithPath: builtProgram("hubbub")) }

  /// - Parameters:
  ///   - listen: the address to listen on; nil leaves it to the other arguments.
  ///   - environment: what is added to this process's.
  init(
    _ arguments: String..., listen: String? = "127.0.0.1:0", environment: [String: String] = [:]
  ) throws {
    let pipe = Pipe()
    process.executableURL = Self.binary
    process.arguments = ["serve"] + (listen.map { ["--listen", $0] } ?? []) + arguments
    // Whoever runs the tests may have settings, and a state, of their own.
    process.environment = ProcessInfo.processInfo.environment
      .merging(["XDG_CONFIG_HOME": "/nonexistent", "XDG_STATE_HOME": "/dev/null"]) { $1 }
      .merging(environment) { $1 }
    process.standardError = pipe
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    var text = ""
    while true {
      let data = pipe.fileHandleForReading.availableData
      guard !data.isEmpty else { throw DidNotStart(log: text) }
      text += String(decoding: data, as: UTF8.self)
      if let line = text.split(separator: "\n").first(where: { $0.contains("listening on=") }) {
        opening = text
        for line in text.split(separator: "\n") { log.append(String(line)) }
        endpoint = Endpoint(String(line.split(separator: "=").last!))!
        break
      }
    }
    // Read on, so that the server never waits for its log to be read.
    pipe.fileHandleForReading.readabilityHandler = { [log] handle in
      for line in String(decoding: handle.availableData, as: UTF8.self).split(separator: "\n") {
        log.append(String(line))
      }
    }
  }

  deinit { if process.isRunning { process.terminate() } }

  struct DidNotStart: Error {
    let log: String
  }

  /// The first line with this text that the server prints, or has printed; nil when it ends without
  /// one.
  func printedLine(containing text: String) -> String? {
    var printed = ""
    while true {
      let lines = printed.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      if let line = lines.first(where: { $0.contains(text) }) { return String(line) }
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { return nil }
      printed += String(decoding: data, as: UTF8.self)
    }
  }

  var processID: Int32 { process.processIdentifier }
  var threads: Int { count("task") }
  var descriptors: Int { count("fd") }

  /// The descriptor that it would get next.
  var lowestFreeDescriptor: Int {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: "/proc/\(process.processIdentifier)/fd")
    let used = Set((names ?? []).compactMap { Int($0) })
    return (0...).first { !used.contains($0) }!
  }

  /// Sends SIGTERM and waits for the end.
  ///
  /// - Returns: the exit code.
  func stop() -> Int32 {
    process.terminate()
    return waitForExit()
  }

  /// Asks it to read its settings again.
  func hangUp() { kill(process.processIdentifier, SIGHUP) }

  /// Waits for the end, which must be on its way.
  func waitForExit() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  func client(_ nickname: String) throws -> ScriptedClient {
    let connection = try LineConnection.open(endpoint)
    _ = try Registration(nickname: nickname).perform(on: connection)
    return ScriptedClient(connection)
  }

  private func count(_ folder: String) -> Int {
    let path = "/proc/\(process.processIdentifier)/\(folder)"
    return (try? FileManager.default.contentsOfDirectory(atPath: path))?.count ?? 0
  }
}
