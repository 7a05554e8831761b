import Glibc

/// How many descriptors this process may have.
public enum DescriptorLimit {
  /// Raises the soft limit to the hard one. Where that fails, the old limit stays.
  public static func raise() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
