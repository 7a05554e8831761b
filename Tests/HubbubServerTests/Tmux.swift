import Foundation
import TestSupport
import Testing

/// A program in a terminal of its own: what a person types, and what a person sees. By tmux.
final class Tmux {
  /// The program's home, empty but for the files it was given; removed at the end.
  private let home: URL

  /// - Parameters:
  ///   - command: the program and its words; `HOME` in them stands for its home.
  ///   - files: what lies in its home, by name.
  init(_ command: String..., files: [String: String] = [:]) throws {
    home = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    for (name, text) in files {
      try text.write(
        to: home.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    let words = command.map { $0.replacingOccurrences(of: "HOME", with: home.path) }
    let quoted = words.map { "'\($0)'" }.joined(separator: " ")
    try run("-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "60", quoted)
  }

  deinit {
    // Its own server, by its own socket; it may have ended by itself.
    _ = try? run("kill-server")
    try? FileManager.default.removeItem(at: home)
  }

  /// Types a line and presses Enter.
  func type(_ line: String) throws {
    try run("send-keys", "-l", "--", line, ";", "send-keys", "Enter")
  }

  /// Waits until the screen, or what has left it at the top, shows a text.
  func wait(for text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let deadline = ContinuousClock.now + ScriptedClient.patience
    var screen = ""
    while ContinuousClock.now < deadline {
      screen = try run("capture-pane", "-p", "-J", "-S", "-500").output
      if screen.contains(text) { return }
    }
    Issue.record("never “\(text)” on the screen:\n\(screen)", sourceLocation: sourceLocation)
  }

  /// Waits until the program has ended.
  func waitForEnd(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let deadline = ContinuousClock.now + ScriptedClient.patience
    while ContinuousClock.now < deadline {
      if try run("has-session").status != 0 { return }
    }
    Issue.record("the program did not end", sourceLocation: sourceLocation)
  }

  @discardableResult
  private func run(_ words: String...) throws -> (status: Int32, output: String) {
    let output = home.appendingPathComponent("output")
    let status = try Spawned(
      ["/usr/bin/env", "tmux", "-S", home.appendingPathComponent("tmux").path] + words,
      environment: ["HOME": home.path, "LANG": "C.UTF-8", "TZ": "UTC", "PATH": Spawned.path],
      streams: .file(output: output.path)
    ).wait()
    return (status, try String(contentsOf: output, encoding: .utf8))
  }
}
