import Glibc

/// The limit of open descriptors.
enum Descriptors {
  /// Raises the limit to `count` where it is lower, as far as the system allows.
  static func allow(_ count: Int) {
    var limit = rlimit()
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(kind, &limit) == 0, limit.rlim_cur < rlim_t(count) else { return }
    limit.rlim_cur = min(rlim_t(count), limit.rlim_max)
    setrlimit(kind, &limit)
  }
}
