import Glibc
import HubbubThreads
import Testing

@Suite("ProcessSignals")
struct ProcessSignalsTests {
  // In a process of its own, whose signals they are. `raise` is for this very thread, which waits.
  @Test(
    "two signals ask to stop, SIGHUP asks to read the settings again, and SIGPIPE is nothing (R9)")
  func requests() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let signals = ProcessSignals()
      raise(SIGPIPE)
      let expected: [(Int32, ProcessSignals.Request)] = [
        (SIGHUP, .reload), (SIGTERM, .stop(signal: "SIGTERM")), (SIGINT, .stop(signal: "SIGINT")),
        (SIGHUP, .reload),
      ]
      for (number, request) in expected {
        raise(number)
        guard signals.wait() == request else { exit(1) }
      }
      exit(7)
    }
  }
}
