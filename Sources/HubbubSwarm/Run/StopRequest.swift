import Synchronization

/// Somebody wants the run to end early: its figures so far are still reported. Any thread.
public final class StopRequest: Sendable {
  /// Relaxed: it carries nothing but itself.
  private let flag = Atomic<Bool>(false)

  public init() {}

  public func ask() { flag.store(true, ordering: .relaxed) }

  public var isAsked: Bool { flag.load(ordering: .relaxed) }
}
