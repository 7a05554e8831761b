import Glibc
import HubbubSwarm

/// Ctrl-C during a run: the first ends the sending, the second the wait for the last messages, the
/// third the program.
enum Interruption {
  static let stop = StopRequest()

  static func install() {
    // Made here and not in the handler, where nothing may be allocated.
    _ = stop
    signal(SIGINT) { _ in
      if Interruption.stop.requests >= 2 { _exit(130) }
      Interruption.stop.ask()
    }
  }
}
