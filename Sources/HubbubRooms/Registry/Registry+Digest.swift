import HubbubBytes

// Whether two registries that applied the same actions are in the same state.

extension Registry {
  /// A number for all that actions decide by, and that they number: who is here under which name,
  /// the rooms with their names, modes, topics, lists, members and how much was said in them. Two
  /// registries in the same state have the same number, in whatever process.
  ///
  /// Takes one step for everybody and everything; for tests and debug builds. Any thread, under no
  /// lock, while nobody applies an action.
  public func digest() -> UInt64 {
    var digest = StateDigest()
    digest.add(epoch)
    var writer = ByteWriter()
    write(to: &writer)
    digest.add(writer.bytes)
    digest.add("\(ledger?.digest ?? 0)")
    return digest.value
  }
}
