import Glibc
import HubbubThreads
import TestSupport
import Testing

@testable import HubbubClient

/// The client in a terminal of its own: type, and look at the screen. One thread's alone.
final class PseudoTerminal {
  /// Long, for machines that are busy with other things.
  static let deadline = Duration.seconds(30)

  private let master: Int32
  let process: pid_t
  private(set) var screen: VirtualTerminal

  /// Everything that came, for tests of what must never come.
  private(set) var bytes: [UInt8] = []
  private var status: Int32?

  /// Whether nobody has the terminal open any more: nothing can come.
  private var isHungUp = false
  let home: TemporaryDirectory

  init(
    _ arguments: [String], program: String? = nil, columns: Int = 80, rows: Int = 24,
    home: TemporaryDirectory = .init(),
    environment: [String: String] = [:]
  ) throws {
    self.home = home
    screen = VirtualTerminal(columns: columns, rows: rows)
    var name = [CChar](repeating: 0, count: 128)
    var slave: Int32 = -1
    var master: Int32 = -1
    var size = winsize(
      ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&master, &slave, &name, nil, &size) == 0 else {
      throw SystemError(call: "openpty", errno: errno)
    }
    for descriptor in [master, slave] { _ = ioctl(descriptor, UInt(FIOCLEX)) }
    self.master = master
    defer { close(slave) }
    let base = [
      "HOME": home.path, "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin",
      "LOGNAME": "max", "SWIFT_BACKTRACE": "interactive=no,enable=no",
    ]
    process = try Spawned(
      [program ?? builtProgram("hubbub")] + arguments,
      environment: base.merging(environment) { $1 },
      streams: .terminal(
        String(decoding: name.prefix { $0 != 0 }.map { UInt8($0) }, as: UTF8.self))
    ).process
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    close(master)
  }

  func type(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(master, $0.baseAddress, min(1024, $0.count)) }
      guard count > 0 else {
        Issue.record("the terminal takes nothing: errno \(errno)")
        return
      }
      rest = rest.dropFirst(count)
      take(limitMilliseconds: 0)
    }
  }

  func resize(columns: Int, rows: Int) {
    var size = winsize(
      ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    take(limitMilliseconds: 0)
    screen.resize(columns: columns, rows: rows)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  func signal(_ number: Int32) { kill(process, number) }

  /// Reads what comes until the screen is as wanted.
  @discardableResult
  func wait(
    _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
    until isDone: (VirtualTerminal) -> Bool
  ) -> Bool {
    let end = ContinuousClock.now + Self.deadline
    while !isDone(screen) {
      guard ContinuousClock.now < end, !isHungUp else {
        Issue.record(
          "never: \(what); the screen:\n\(screen.text)\ncursor \(screen.cursor)",
          sourceLocation: sourceLocation)
        return false
      }
      take(limitMilliseconds: 100)
    }
    return true
  }

  /// Reads until the screen shows a text.
  @discardableResult
  func wait(for text: String, sourceLocation: SourceLocation = #_sourceLocation) -> Bool {
    wait("“\(text)”", sourceLocation: sourceLocation) { $0.text.contains(text) }
  }

  /// Waits for the end of the client: its exit code, or the negative number of the signal.
  func end(sourceLocation: SourceLocation = #_sourceLocation) throws -> Int32? {
    let end = ContinuousClock.now + Self.deadline
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG) == 0 {
      guard ContinuousClock.now < end else {
        Issue.record("the client did not end:\n\(screen.text)", sourceLocation: sourceLocation)
        return nil
      }
      if isHungUp {
        _ = try ProcessEnd.wait(for: process, upTo: end - ContinuousClock.now)
      } else {
        take(limitMilliseconds: 20)
      }
    }
    self.status = status
    take(limitMilliseconds: 0)
    return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
  }

  /// Waits until the client is stopped, as after Ctrl-Z.
  func waitUntilStopped() -> Bool {
    let end = ContinuousClock.now + Self.deadline
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG | WUNTRACED) == 0 {
      guard ContinuousClock.now < end, !isHungUp else { return false }
      take(limitMilliseconds: 20)
    }
    return status & 0xFF == 0x7F
  }

  /// Whether the terminal is as a shell needs it: echo, lines, signals.
  var isOrdinary: Bool {
    var modes = termios()
    tcgetattr(master, &modes)
    let wanted = tcflag_t(ECHO | ICANON | ISIG)
    return modes.c_lflag & wanted == wanted
  }

  /// Takes what has come, or what comes within the limit.
  private func take(limitMilliseconds: Int32) {
    var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    var limit = limitMilliseconds
    while poll(&waiting, 1, limit) > 0 {
      let count = read(master, &buffer, buffer.count)
      guard count > 0 else {
        isHungUp = true
        return
      }
      bytes += buffer[..<count]
      screen.feed(buffer[..<count])
      limit = 0
    }
  }
}
