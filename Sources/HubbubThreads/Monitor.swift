import CLinux
import Glibc

/// Some state, the lock that guards it, and a way to wait for it to change.
///
/// Any thread may call any method. The bodies run under the lock: no system call, no log line and
/// no foreign closure in them, and no lock of the same or a lower level.
///
/// Built on pthreads and not on `Synchronization.Mutex`: the locking of the latter happens inside
/// the runtime library, where ThreadSanitizer does not see it and reports every guarded access as a
/// race.
// @unchecked: `state` is touched only between lock and unlock of `mutex`.
public final class Monitor<State>: @unchecked Sendable {
  // Not private, so that `withLock` is specialised where it is called; nobody else touches them.
  @usableFromInline let level: LockLevel
  @usableFromInline let holding: Holding?
  @usableFromInline let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  // In a place of its own: the lock is what makes an access exclusive, so that the checks which the
  // compiler adds to a class's variables (a quarter of a delivery's instructions) have nothing to
  // find.
  @usableFromInline let state: UnsafeMutablePointer<State>

  #if DEBUG
    /// The thread that holds the lock; 0 where none does. Written under the lock.
    @usableFromInline let owner: UnsafeMutablePointer<pthread_t> = .allocate(capacity: 1)
  #endif

  /// - Parameter level: where this lock stands in the order of locks.
  public init(level: LockLevel = .leaf, _ state: sending State) {
    self.level = level
    holding = Holding(level)
    self.state = .allocate(capacity: 1)
    self.state.initialize(to: state)
    mutex = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    setOwner(0)
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(changed, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
    state.deinitialize(count: 1)
    state.deallocate()
    #if DEBUG
      owner.deallocate()
    #endif
  }

  /// Runs `body` with the state, alone.
  @inlinable
  public func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outer = enter()
    defer { leave(outer) }
    return try body(&state.pointee)
  }

  /// Locks several monitors of one level together while `body` runs, which gets at them by
  /// `whileLocked`.
  ///
  /// Every thread takes them in the same order, so that two never wait for each other in a circle.
  public static func withLocks<Result, Failure: Error>(
    _ monitors: [Monitor], _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let sorted = monitors.sorted { ObjectIdentifier($0) < ObjectIdentifier($1) }
    guard let first = sorted.first else { return try body() }
    // The first stands for all in the order of levels, and for the watchdog.
    let outer = first.enter()
    for monitor in sorted.dropFirst() { monitor.lock() }
    defer {
      for monitor in sorted.dropFirst() { monitor.unlock() }
      first.leave(outer)
    }
    return try body()
  }

  /// Runs `body` with the state of a monitor that this thread has locked by `withLocks`.
  public func whileLocked<Result>(_ body: (inout State) -> Result) -> Result {
    #if DEBUG
      precondition(owner.pointee == pthread_self(), "A monitor was used that is not locked.")
    #endif
    return body(&state.pointee)
  }

  /// Waits until `body` returns a value, and returns it; nil when the limit passed first. A limit
  /// of nothing or less is one look.
  ///
  /// `body` runs under the lock, at once and after each `wakeAll()` that follows a change.
  public func wait<Result>(
    upTo limit: Duration? = nil, for body: (inout State) -> Result?
  ) -> Result? {
    let outer = enter()
    defer { leave(outer) }
    var deadline = limit.map(Self.deadline(after:))
    while true {
      if let result = body(&state.pointee) { return result }
      // While it waits, the lock is free.
      holding?.note()
      if Simulation.isOn {
        unlock()
        lock()
        holding?.note()
        continue
      }
      setOwner(0)
      let code =
        deadline == nil
        ? pthread_cond_wait(changed, mutex) : pthread_cond_timedwait(changed, mutex, &deadline!)
      setOwner(pthread_self())
      holding?.note()
      if code == ETIMEDOUT { return body(&state.pointee) }
    }
  }

  /// Wakes all who wait, to look again. Call it after the change, outside the lock.
  public func wakeAll() {
    pthread_cond_broadcast(changed)
  }

  /// Locks, and returns the level that this thread held before, for `leave`.
  @inlinable
  func enter() -> Int32 {
    #if DEBUG
      let held = clinux_lock_level()!
      let outer = held.pointee
      precondition(
        outer < level.rawValue,
        "A lock of level \(level) was taken under one of level \(outer); see LockLevel.")
      lock()
      held.pointee = level.rawValue
      holding?.note()
      return outer
    #else
      lock()
      holding?.note()
      return 0
    #endif
  }

  /// A simulated thread never waits: whoever has the lock goes on only when it is its turn.
  @inlinable
  func lock() {
    guard Simulation.isOn else {
      pthread_mutex_lock(mutex)
      return setOwner(pthread_self())
    }
    repeat { Simulation.step() } while pthread_mutex_trylock(mutex) != 0
    setOwner(pthread_self())
  }

  @inlinable
  func unlock() {
    setOwner(0)
    pthread_mutex_unlock(mutex)
    Simulation.step()
  }

  @inlinable @inline(__always)
  func setOwner(_ thread: pthread_t) {
    #if DEBUG
      owner.pointee = thread
    #endif
  }

  @inlinable
  func leave(_ outer: Int32) {
    #if DEBUG
      clinux_lock_level()!.pointee = outer
    #endif
    holding?.note()
    unlock()
  }

  private static func deadline(after limit: Duration) -> timespec {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    // A negative number of nanoseconds is EINVAL: the wait would spin with the lock held. And 68
    // years are enough, where more could overflow.
    let parts = min(max(limit, .zero), .seconds(Int32.max)).components
    let nanoseconds = Int64(now.tv_nsec) + parts.attoseconds / 1_000_000_000
    return timespec(
      tv_sec: now.tv_sec + Int(parts.seconds) + Int(nanoseconds / 1_000_000_000),
      tv_nsec: Int(nanoseconds % 1_000_000_000))
  }
}
