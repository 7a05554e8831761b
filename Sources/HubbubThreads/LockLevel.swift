/// The order in which locks are taken: a thread that holds one may take only those of a higher
/// level.
///
/// Two threads that take their locks in the same order cannot wait for each other in a circle. A
/// debug build asserts the order at each lock; a release build trusts that the tests were run.
public enum LockLevel: Int32, Sendable {
  /// The registry of rooms and of people.
  case registry = 1

  /// One room: its roster, its modes and the tails of its logs.
  case room = 2

  /// One member: its profile, or its private queue; never both at once.
  case member = 3

  /// What one connection writes, where frames wrap it; only a TLS session's lock comes above.
  case stream = 4

  /// A lock under which no other is ever taken.
  case leaf = 5
}
