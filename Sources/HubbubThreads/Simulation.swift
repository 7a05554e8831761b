import CLinux

/// Lets a test decide which thread goes on, at every lock and atomic that it may matter for.
///
/// A debug build asks the calling thread's scheduler at each step; a release build, and a thread
/// that no test simulates, does nothing. Any thread.
public enum Simulation {
  /// Another thread may go on here.
  @inlinable @inline(__always)
  public static func step() {
    #if DEBUG
      let simulated = clinux_simulation()!
      if let step = simulated.pointee.step { step(simulated.pointee.context) }
    #endif
  }

  /// Whether the calling thread must not wait for a lock, since whoever holds it waits for its
  /// turn.
  @inlinable
  static var isOn: Bool {
    #if DEBUG
      clinux_simulation()!.pointee.step != nil
    #else
      false
    #endif
  }
}
