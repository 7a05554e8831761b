/// Why something was not done with an account or a room. People get words of the caller's.
public enum AccountError: Error, Sendable, Equatable {
  /// The name is another account's, or was one's that is gone.
  case exists

  /// The nickname belongs to another account.
  case nicknameTaken
  case noSuchAccount
  case noSuchRoom
  case noSuchEntry
  case suspended

  /// The code is wrong, or too old.
  case wrongCode

  /// There are as many as there may be.
  case limit(Int)

  /// It is the founder's, or the one's to whom it is offered.
  case notAllowed

  /// It could not be written, and does not hold.
  case notStored(StoreError)

  /// The servers of the network cannot agree. It may hold yet: nobody was told so.
  case disagreed

  /// The disk takes too long. It may be written yet: nobody was told so.
  case late
}
