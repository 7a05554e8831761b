import HubbubThreads
import Testing

@testable import HubbubRooms

/// Runs `body` on so many threads at the same time; an error in one fails the test.
func inParallel(
  _ count: Int, _ body: @escaping @Sendable (Int) throws -> Void
) throws {
  let failures = Monitor<[String]>([])
  let threads = try (0..<count).map { index in
    try NamedThread(name: "race-\(index)") {
      do { try body(index) } catch let refusal as Refusal {
        // Who was kicked or is gone is refused: that is what the race is about.
        if refusal != .notMember, refusal != .cannotSpeak("n"), refusal != .isClosed,
          refusal != .hasQuit,
          !"\(refusal)".contains("target")
        {
          failures.withLock { $0.append("\(refusal)") }
        }
      } catch { failures.withLock { $0.append("\(error)") } }
    }
  }
  for thread in threads { thread.join() }
  #expect(failures.withLock { $0 } == [])
}
