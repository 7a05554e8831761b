import CLinux

/// What the C library's allocator does with memory that was freed.
public enum Allocator {
  /// Keeps the allocator from making an arena for each thread: what a burst of many threads has
  /// freed would stay, round after round. As many arenas as processors, which is as many threads as
  /// can allocate at once.
  ///
  /// The main thread, before there are others.
  public static func limitArenas() {
    clinux_limit_arenas(Int32(min(Processors.count, 8)))
  }

  /// Gives what is free back to the system. Any thread, under no lock; it takes a while where there
  /// is much.
  public static func giveBack() { clinux_trim_allocator() }
}
