import Glibc
import HubbubSockets
import Logging

/// Whom the server runs as.
enum Privileges {
  /// Warns where the server runs as root without need: only a port below 1024 is a reason, and a
  /// capability (CAP_NET_BIND_SERVICE) does as well there.
  static func warnIfNeedless(for endpoints: [Endpoint], _ logger: Logger) {
    guard geteuid() == 0, !endpoints.contains(where: { $0.port < 1024 }) else { return }
    logger.warning(
      "running as root",
      metadata: ["advice": "Nothing here needs it. Run it as an ordinary user."])
  }
}
