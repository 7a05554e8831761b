/// Writes to many outlets that are carried out together. Belongs to one thread at a time.
///
/// The contract: 1. it never waits for an outlet; 2. what was added is carried out in the order of
/// adding; 3. what it is given to write stays where it is until `submit` has returned.
public protocol WriteGroup: AnyObject {
  /// How many writes it takes.
  var capacity: Int { get }

  /// Carries out what was added and is empty again.
  ///
  /// - Parameter settle: is told of each write, in the order of adding, how many bytes were taken.
  ///   Fewer than offered mean that the outlet is full. A broken outlet takes all.
  func submit(_ settle: (_ index: Int, _ taken: Int) -> Void)
}

/// A few groups for whoever fans out at the moment. Any thread.
public protocol WriteGroups: AnyObject, Sendable {
  /// Lends a group; nil where all are lent, or there are none. It must be given back.
  func lend() -> (any WriteGroup)?

  func giveBack(_ group: any WriteGroup)
}
