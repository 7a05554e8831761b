/// Applies each action at once, on the thread that submits it: of two that concern the same room,
/// the room's lock decides which comes first.
public struct LocalOrdering: Ordering {
  private let registry: Registry

  public init(_ registry: Registry) { self.registry = registry }

  public func submit(_ action: Action) throws(Refusal) -> Outcome { try registry.apply(action) }
}
