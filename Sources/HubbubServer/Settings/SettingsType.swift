import Yams

/// A kind of value in a settings file: what it looks like, and how it is read and written.
struct SettingsType<Value: Equatable & Sendable>: Sendable {
  /// What a person should write: "a duration, as in 30s, 2m, 1h or 7d".
  let expectation: String

  /// Lines that explain the parts of the value, where it has any.
  var parts: [String] = []

  /// What can be said in a value that is a mapping, or a list of them: `[].topic`.
  var options: [String] = []

  /// Reads a value. Where that is nil, what is wrong was noted; where it is not, something in it
  /// may still be wrong and was noted: it is read so that no fault hides another.
  let read: @Sendable (Node, inout SettingsReading) -> Value?

  /// Writes it so that `read` reads the same.
  let write: @Sendable (Value) -> Node

  init(
    _ expectation: String, parts: [String] = [], options: [String] = [],
    read: @escaping @Sendable (Node, inout SettingsReading) -> Value?,
    write: @escaping @Sendable (Value) -> Node
  ) {
    self.expectation = expectation
    self.parts = parts
    self.options = options
    self.read = read
    self.write = write
  }

  /// A value that is one word or text: `parse` returns nil for what it does not take.
  init(
    scalar expectation: String, parse: @escaping @Sendable (String) -> Value?,
    write: @escaping @Sendable (Value) -> Node
  ) {
    self.init(
      expectation,
      read: { node, reading in
        guard case .scalar(let scalar) = node, !scalar.isNull, let value = parse(scalar.string)
        else {
          reading.expected(expectation, node)
          return nil
        }
        return value
      }, write: write)
  }
}

extension Node.Scalar {
  /// `null`, `~`, or nothing at all: said without quotes.
  var isNull: Bool { style == .plain && ["", "~", "null", "Null", "NULL"].contains(string) }
}

extension Node {
  /// Nothing at all, where a value should stand.
  var isEmpty: Bool {
    guard case .scalar(let scalar) = self else { return false }
    return scalar.style == .plain && scalar.string.isEmpty
  }

  /// A text, in quotes, so that it is never taken for a number or for nothing.
  static func quoted(_ text: String) -> Node { Node(text, .implicit, .doubleQuoted) }

  /// A word or number as it stands.
  static func plain(_ text: String) -> Node { Node(text, .implicit, .plain) }
}
