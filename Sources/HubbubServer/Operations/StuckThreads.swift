import HubbubThreads
import Logging

/// What the server does about a thread that holds for too long what others wait for.
enum StuckThreads {
  /// A watchdog that logs what it finds; a debug build ends there, before the traces are cold.
  static func watchdog(
    _ limits: Limits, _ logger: Logger, _ health: Health? = nil
  ) -> Watchdog {
    Watchdog(limit: limits.stuckAfter) { finding in
      health?.noteStuck(Moment.now)
      log(finding, limits, logger)
      #if DEBUG
        fatalError("Stuck for more than \(limits.stuckAfter):\n\(finding)")
      #endif
    }
  }

  /// One line in the log, whatever the number of threads.
  static func log(_ finding: Watchdog.Finding, _ limits: Limits, _ logger: Logger) {
    let accused = finding.accused.map { "\($0.thread) (\($0.threadID)) holds \($0.holding)" }
    logger.error(
      "stuck",
      metadata: [
        "for": "more than \(limits.stuckAfter)",
        "who": "\(accused.joined(separator: "; "))",
        "threads": "\(finding.threads.map(\.description).joined(separator: " | "))",
      ])
  }
}
