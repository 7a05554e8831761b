import HubbubThreads
import Testing

/// C6: a watchdog. The limits are short; everything else is as in a server.
///
/// Whatever holds something on purpose runs in a process of its own: the watchdogs of other tests'
/// servers look at every thread of theirs, and on a slow machine it takes as long as they allow.
@Suite("Watchdog")
struct WatchdogTests {
  /// holder                            watchdog
  /// takes the lock, waits
  ///                                   same count in look after look: reports
  /// gives it back, ends
  @Test("a lock that is held for too long is reported once, with its holder's name and function")
  func stuckLock() async {
    await #expect(processExitsWith: .success) {
      for level in [LockLevel.registry, .room] {
        let lock = Monitor(level: level, 0)
        try WatchdogTests.expectReport(of: "stuck-\(level)", holding: "\(level) lock") { release in
          lock.withLock { _ in holdTheLockUntil(release) }
        }
      }
    }
  }

  @Test("a baton that one thread keeps is reported once, with its holder's name and function")
  func stuckBaton() async {
    await #expect(processExitsWith: .success) {
      let baton = Baton()
      try WatchdogTests.expectReport(of: "stuck-baton", holding: "baton") { release in
        #expect(baton.tryTake())
        holdTheLockUntil(release)
        baton.release()
      }
    }
  }

  /// What is taken and given back all the time is held in nearly every look, but never with the same count.
  @Test(
    "threads that are busy with a lock and a baton are not accused, nor one that waits for a lock")
  func busy() async {
    await #expect(processExitsWith: .success) { try WatchdogTests.watchBusyThreads() }
  }

  fileprivate static func watchBusyThreads() throws {
    let findings = Findings()
    let watchdog = Watchdog(limit: Self.limit) { findings.append($0) }
    let watching = try NamedThread(name: "watchdog") { watchdog.run() }
    let lock = Monitor(level: .room, 0)
    let baton = Baton()
    let stop = Monitor(false)
    let busy = try (0..<2).map { number in
      try NamedThread(name: "busy-\(number)") {
        while !stop.withLock({ $0 }) {
          for _ in 0..<1_000 {
            lock.withLock { $0 += 1 }
            if baton.tryTake() { baton.release() }
          }
        }
      }
    }
    let waiting = try NamedThread(name: "busy-waiter") {
      // The lock is free while it waits for its state to change.
      _ = lock.wait(upTo: patience) { $0 < 0 ? true : nil }
    }
    // A second watchdog whose look is due later than all of the first one's measures the time.
    try expectReport(of: "stuck-clock", holding: "baton", limit: Self.limit * 4) { release in
      let other = Baton()
      #expect(other.tryTake())
      holdTheLockUntil(release)
      other.release()
    }
    stop.withLock { $0 = true }
    for thread in busy { thread.join() }
    lock.withLock { $0 = -1 }
    lock.wakeAll()
    waiting.join()
    watchdog.stop()
    watching.join()
    let accused = findings.all.flatMap { $0.accused.map(\.thread) }
    #expect(!accused.contains { $0.hasPrefix("busy") }, "\(accused)")
  }

  @Test("every thread of the process is in the report, and those in the same place stand together")
  func everybody() throws {
    let release = Release()
    let threads = try (0..<10).map { number in
      try NamedThread(name: "sleeper-\(number)") { holdTheLockUntil(release) }
    }
    defer {
      release.open()
      for thread in threads { thread.join() }
    }
    // Until the last of them has gone to sleep, they may be in different places.
    var together: [Backtrace] = []
    repeat {
      together = Backtrace.ofAllThreads().filter { $0.description.contains("sleeper-") }
    } while together.count > 1
    #expect(together.first?.threads.count == 10)
    #expect(together.first?.functions.contains { $0.contains("holdTheLockUntil") } == true)
    #expect(together.first?.description.contains("and 4 more: ") == true)
  }

  // MARK: Support

  private static let limit = Duration.milliseconds(100)

  /// Lets a thread called `name` hold something until a watchdog has reported it, and twice the time longer.
  fileprivate static func expectReport(
    of name: String, holding: String, limit: Duration = limit,
    hold: @escaping @Sendable (Release) -> Void
  ) throws {
    let (findings, release) = (Findings(), Release())
    let watchdog = Watchdog(limit: limit) { findings.append($0) }
    let watching = try NamedThread(name: "watchdog") { watchdog.run() }
    let holder = try NamedThread(name: name) { hold(release) }
    let first = findings.waitForReport(of: name)
    // Another watchdog that begins now finds it too: by then the first would have reported it again.
    let second = Watchdog(limit: limit * 2) { findings.append($0, under: "second") }
    let alsoWatching = try NamedThread(name: "watchdog-2") { second.run() }
    let again = findings.waitForReport(of: name, under: "second")
    release.open()
    holder.join()
    for dog in [watchdog, second] { dog.stop() }
    watching.join()
    alsoWatching.join()
    #expect(again != nil)
    let finding = try #require(first)
    let accused = try #require(finding.accused.first { $0.thread == name })
    #expect(accused.holding.contains(holding.split(separator: " ").last!))
    // Another thread may be in the very same place.
    let own = try #require(
      finding.threads.first { $0.threads.contains("\(name) (\(accused.threadID))") })
    #expect(own.functions.contains { $0.contains("holdTheLockUntil") }, "\(own)")
    #expect(findings.all.count { $0.accused.contains { $0.thread == name } } == 1)
  }
}

/// Has a name of its own in a backtrace.
@inline(never)
private func holdTheLockUntil(_ release: Release) {
  release.wait()
  // Not a tail call: this function stays on the stack.
  withExtendedLifetime(release) {}
}

/// Lets threads go that wait for it. Below every `Monitor`, so that one may wait under a lock.
private final class Release: Sendable {
  private let gate = Monitor(level: .leaf, false)

  func wait() { _ = gate.wait { $0 ? true : nil } }

  func open() {
    gate.withLock { $0 = true }
    gate.wakeAll()
  }
}

private final class Findings: Sendable {
  private let found = Monitor<[(name: String, finding: Watchdog.Finding)]>([])

  func append(_ finding: Watchdog.Finding, under name: String = "first") {
    found.withLock { $0.append((name, finding)) }
    found.wakeAll()
  }

  /// What the first watchdog found.
  var all: [Watchdog.Finding] { found.withLock { $0.filter { $0.name == "first" }.map(\.finding) } }

  func waitForReport(of thread: String, under name: String = "first") -> Watchdog.Finding? {
    found.wait(upTo: patience) { found in
      found.first { $0.name == name && $0.finding.accused.contains { $0.thread == thread } }?
        .finding
    }
  }
}
