/// Who decides in which order actions are applied.
///
/// The contract: 1. an action is applied once, or refused; 2. what one author submits is applied in
/// the order of submission; 3. what it says is not read before it was applied.
public protocol Ordering: Sendable {
  /// Whether it takes a while, because others are asked: then what was said so far should be on its
  /// way to those whom it concerns before something else is submitted.
  var isDistant: Bool { get }

  /// Has an action applied. Any thread, under no lock; may wait, for its caller alone.
  ///
  /// What a `Speech` of the action points to must stay where it is until this returns.
  func submit(_ action: Action) throws(Refusal) -> Outcome
}

extension Ordering {
  public var isDistant: Bool { false }
}
