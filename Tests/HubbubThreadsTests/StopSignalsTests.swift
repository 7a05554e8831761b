import Glibc
import HubbubThreads
import Testing

@Suite("StopSignals")
struct StopSignalsTests {
  // In a process of its own, whose signals they are. `raise` is for this very thread, which waits.
  @Test("the signals are waited for by name, and SIGPIPE is nothing (R9)")
  func names() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let signals = StopSignals()
      raise(SIGPIPE)
      for (number, name) in [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT"), (SIGHUP, "SIGHUP")] {
        raise(number)
        guard signals.wait() == name else { exit(1) }
      }
      exit(7)
    }
  }
}
