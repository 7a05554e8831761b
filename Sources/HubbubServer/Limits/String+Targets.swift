import IRCWire

extension String {
  /// The names of a list with commas between, each once: one line must not make the same work
  /// twice.
  func words() -> [String] {
    // Nearly always it is one.
    guard utf8.contains(UInt8(ascii: ",")) else { return isEmpty ? [] : [self] }
    return split(separator: ",").map(String.init).uniqueNames()
  }
}

extension [String] {
  /// Each name once, whatever its case, in the order in which they came.
  func uniqueNames() -> [String] {
    guard count > 1 else { return self }
    var known: Set<FoldedName> = []
    return filter { known.insert(FoldedName($0)).inserted }
  }
}
