import HubbubThreads
import Logging
import Testing

@testable import HubbubServer

/// C6, as a server does it. The watchdog itself is tested with the threads.
@Suite struct StuckThreadTests {
  @Test("what is stuck is one error in the log, with who holds what and where everybody is")
  func logged() async {
    // In a process of its own: what is held on purpose would be found by other tests' servers.
    await #expect(processExitsWith: .success) { try StuckThreadTests.logWhatIsStuck() }
  }

  fileprivate static func logWhatIsStuck() throws {
    let server = try TestServer()
    let record = LogRecord()
    var limits = Limits()
    limits.stuckAfter = .milliseconds(100)
    let found = Monitor<Watchdog.Finding?>(nil)
    let watchdog = Watchdog(limit: limits.stuckAfter) { finding in
      guard finding.accused.contains(where: { $0.thread == "stuck-holder" }) else { return }
      found.withLock { $0 = finding }
      found.wakeAll()
    }
    let watching = try NamedThread(name: "watchdog") { watchdog.run() }
    let holder = try NamedThread(name: "stuck-holder") {
      let lock = Monitor(level: .room, 0)
      lock.withLock { _ in _ = found.wait(upTo: ScriptedClient.patience) { $0 } }
    }
    holder.join()
    watchdog.stop()
    watching.join()
    let finding = try #require(found.withLock { $0 })
    StuckThreads.log(finding, limits, Logger(label: "test") { _ in RecordingLog(record) })
    let line = try #require(record.find { $0.contains("stuck") })
    #expect(line.hasPrefix("error stuck"))
    #expect(line.contains("stuck-holder"))
    #expect(line.contains("holds a room's lock"))
    #expect(line.contains("Acceptor.run"), "the server's own threads are in it: \(line)")
    server.stop()
  }

  #if DEBUG
    @Test("a debug build ends there, with the traces on its standard error")
    func aborts() async throws {
      let result = try await #require(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) {
        var limits = Limits()
        limits.stuckAfter = .milliseconds(100)
        let watchdog = StuckThreads.watchdog(
          limits, Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let holder = try NamedThread(name: "stuck-holder") {
          let baton = Baton()
          _ = baton.tryTake()
          _ = Monitor(false).wait(upTo: .seconds(30)) { $0 ? true : nil }
          baton.release()
          watchdog.stop()
        }
        watchdog.run()
        holder.join()
      }
      let text = String(decoding: result.standardErrorContent, as: UTF8.self)
      #expect(text.contains("stuck-holder"), "\(text.prefix(2000))")
      #expect(text.contains("holds a connection's baton"))
    }
  #endif

  @Test("a server whose clients talk, join, part and rename as fast as they can is never accused")
  func healthy() throws {
    let server = try TestServer()
    let accused = Monitor<[String]>([])
    // On a busy machine under ThreadSanitizer a thread may not run for more than a second.
    let watchdog = Watchdog(limit: .seconds(3)) { finding in
      accused.withLock { $0 += finding.accused.map { "\($0.thread) holds \($0.holding)" } }
    }
    let watching = try NamedThread(name: "watchdog") { watchdog.run() }
    let clients = try (0..<4).map { try server.client("n\($0)") }
    for client in clients { try client.join("#r") }
    let end = ContinuousClock.now + .milliseconds(4500)
    var round = 0
    while ContinuousClock.now < end {
      round += 1
      for (index, client) in clients.enumerated() {
        try client.send(
          "PRIVMSG #r :\(round)", "NICK n\(index)_\(round % 2)", "JOIN #s", "WHO #r",
          "PART #s")
      }
      for client in clients { _ = try client.messagesUntilNow() }
    }
    watchdog.stop()
    watching.join()
    let names = accused.withLock { $0 }.filter { $0.hasPrefix("client-") }
    #expect(names.isEmpty)
  }
}
