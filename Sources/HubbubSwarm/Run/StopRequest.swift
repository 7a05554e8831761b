import Synchronization

/// Somebody wants the run to end early: its figures so far are still reported. Any thread.
///
/// The first request ends the sending, and what is under way is still waited for; one that comes
/// during that wait ends it too.
public final class StopRequest: Sendable {
  /// Relaxed: it carries nothing but itself.
  private let count = Atomic<Int>(0)

  public init() {}

  public func ask() { count.wrappingAdd(1, ordering: .relaxed) }

  /// How often it was asked.
  public var requests: Int { count.load(ordering: .relaxed) }
}
