import Glibc
import HubbubSwarm

/// Ctrl-C during a run: ends it early. A second one ends the program.
enum Interruption {
  static let stop = StopRequest()

  static func install() {
    // Made here and not in the handler, where nothing may be allocated.
    _ = stop
    signal(SIGINT) { _ in
      if Interruption.stop.isAsked { _exit(130) }
      Interruption.stop.ask()
    }
  }
}
