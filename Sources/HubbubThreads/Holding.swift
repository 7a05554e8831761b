import CLinux

/// What a thread may hold that others wait for, or that nobody but its holder can serve; what a
/// `Watchdog` looks at.
///
/// Each thread counts for itself when it takes and gives back, so that noting it costs an addition,
/// touches nothing that threads share, and reads no clock.
@usableFromInline
enum Holding: Int32, Sendable, CaseIterable, CustomStringConvertible {
  case registryLock, roomLock, baton

  /// nil for the locks that are not watched: those of members are taken for each delivery, and no
  /// more than a few lines run under them.
  init?(_ level: LockLevel) {
    switch level {
    case .registry: self = .registryLock
    case .room: self = .roomLock
    case .member, .stream, .leaf: return nil
    }
  }

  /// The calling thread takes it, or gives it back.
  @inlinable @inline(__always)
  func note() { clinux_note_turn(rawValue) }

  @usableFromInline var description: String {
    switch self {
    case .registryLock: "the registry's lock"
    case .roomLock: "a room's lock"
    case .baton: "a connection's baton"
    }
  }
}
