import Glibc

/// The machine's processors.
public enum Processors {
  /// How many the process may use; at least one.
  public static let count = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}
