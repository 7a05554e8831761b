import Glibc

/// The limit of open descriptors.
enum Descriptors {
  /// Raises the limit to what `plan` takes, where it is lower.
  ///
  /// - Throws: `Swarm.Refused` where the system does not allow as much.
  static func allow(_ plan: Plan) throws(Swarm.Refused) {
    // A bot has a socket, a bell and an epoll; a server in this process has one more for each of
    // us.
    let bots = plan.bots + plan.rooms * plan.observers + plan.stalled + 2
    let sides = plan.processID == getpid() ? 1 : 0
    let needed = rlim_t(bots * (3 + sides) + plan.idle * (1 + sides) + 64)
    var limit = rlimit()
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(kind, &limit) == 0, limit.rlim_cur < needed else { return }
    guard limit.rlim_max >= needed else {
      let advice = sides > 0 ? "start the server as a process of its own, or " : ""
      throw Swarm.Refused(
        description: "This takes \(needed) open descriptors, and the system allows "
          + "\(limit.rlim_max); \(advice)raise the limit ('ulimit -Hn') or ask for fewer clients.")
    }
    limit.rlim_cur = needed
    setrlimit(kind, &limit)
  }
}
