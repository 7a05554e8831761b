import HubbubBytes

/// What the nodes of a network keep in common beside rooms and people, and that rooms know nothing
/// of: accounts. It is changed by `Action.Deed.amend` alone, at the same place on every node.
///
/// Called by whoever applies actions, one call at a time; nothing here may wait.
public protocol Ledger: AnyObject, Sendable {
  /// Makes a change, unless what it was decided by has changed since.
  ///
  /// - Parameter change: as `AccountStore` writes it.
  /// - Returns: false where it was decided by what is no longer so: nothing was done.
  func amend(_ change: [UInt8]) throws(ByteReader.Malformed) -> Bool

  /// Whether the person of an account stays in its rooms without a connection.
  func letsStay(_ account: String) -> Bool

  /// All of it, as `restore` reads it.
  func snapshot() -> [UInt8]

  /// Takes a state over in the place of its own.
  ///
  /// - Throws: where the bytes are no state.
  func restore(_ snapshot: [UInt8]) throws(ByteReader.Malformed)

  /// A number for its state: two that were changed alike have the same.
  var digest: UInt64 { get }
}
