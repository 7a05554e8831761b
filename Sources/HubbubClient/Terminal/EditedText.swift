/// What libedit holds of a line that is being typed, and where the cursor is in it. A value.
///
/// To libedit each scalar is a character; to a person a family with its joiners is one.
struct EditedText {
  let scalars: [Unicode.Scalar]

  /// Before which scalar the cursor stands; their number at the end.
  let cursor: Int

  var string: String { Self.string(scalars[...]) }

  /// How many scalars the character before the cursor has.
  var stepsBack: Int { steps(scalars.prefix(cursor)) { $0.last } }

  /// How many the one behind it has.
  var stepsForward: Int { steps(scalars.dropFirst(cursor)) { $0.first } }

  private func steps(
    _ part: ArraySlice<Unicode.Scalar>, _ character: (String) -> Character?
  ) -> Int {
    // In a search the buffer holds more than the line.
    guard !scalars.contains("\n") else { return 1 }
    return character(Self.string(part))?.unicodeScalars.count ?? 1
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var string = String.UnicodeScalarView()
    string.append(contentsOf: scalars)
    return String(string)
  }
}
