import HubbubThreads

/// How long a test waits for what should happen at once.
let patience = Duration.seconds(30)

/// Runs `body` on a thread of its own.
///
/// - Returns: whether it came back in time. If not, its thread is left behind: nothing can end it, and the
///   test that fails should not hang.
func finishes(_ body: @escaping @Sendable () -> Void) throws -> Bool {
  let isDone = Monitor(false)
  let thread = try NamedThread(name: "finishes") {
    body()
    isDone.withLock { $0 = true }
    isDone.wakeAll()
  }
  guard isDone.wait(upTo: patience, for: { $0 ? true : nil }) == true else {
    _ = Unmanaged.passRetained(thread)
    return false
  }
  thread.join()
  return true
}

/// Runs `body` with the numbers from 0 on as many threads at once, and waits for all of them.
func together(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
  let threads = try (0..<count).map { number in
    try NamedThread(name: "together-\(number)") { body(number) }
  }
  for thread in threads { thread.join() }
}
