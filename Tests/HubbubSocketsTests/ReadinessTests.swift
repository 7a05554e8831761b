import Glibc
import HubbubThreads
import Testing

@testable import HubbubSockets

@Suite("Readiness")
struct ReadinessTests {
  @Test(
    "nothing is ready when the limit passes first",
    arguments: [.milliseconds(5), .zero, .seconds(-5)] as [Duration])
  func limit(limit: Duration) throws {
    let meeting = try Meeting()
    let wait = try Errand {
      Readiness.wait(for: meeting.server.descriptor, Int32(POLLIN), limit: limit)
    }
    #expect(try !wait.finish())
  }

  @Test("what is there already is ready, even without any time left")
  func atOnce() throws {
    let meeting = try Meeting()
    #expect(Readiness.wait(for: meeting.client.descriptor, Int32(POLLOUT), limit: .zero))
    #expect(Readiness.wait(for: meeting.client.descriptor, Int32(POLLOUT), limit: .seconds(-1)))
  }

  @Test("bytes, the end and a reset all make a descriptor ready", arguments: 0..<3)
  func ready(kind: Int) throws {
    let meeting = try Meeting()
    let wait = try Errand {
      Readiness.wait(for: meeting.server.descriptor, Int32(POLLIN), limit: nil)
    }
    switch kind {
    case 0: try meeting.client.send("x")
    case 1: meeting.client.close()
    default: meeting.client.reset()
    }
    #expect(try wait.finish())
  }
}
