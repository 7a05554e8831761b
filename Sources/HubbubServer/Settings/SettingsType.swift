import Yams

/// A kind of value in a settings file: what it looks like, and how it is read and written.
struct SettingsType<Value: Equatable & Sendable>: Sendable {
  /// What a person should write: "a duration, as in 30s, 2m, 1h or 7d".
  let expectation: String

  /// Lines that explain the parts of the value, where it has any.
  var parts: [String] = []

  /// Reads a value. Where that is nil, what is wrong was noted.
  let read: @Sendable (Node, inout SettingsReading) -> Value?

  /// Writes it so that `read` reads the same.
  let write: @Sendable (Value) -> Node

  init(
    _ expectation: String, parts: [String] = [],
    read: @escaping @Sendable (Node, inout SettingsReading) -> Value?,
    write: @escaping @Sendable (Value) -> Node
  ) {
    self.expectation = expectation
    self.parts = parts
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
  var isNull: Bool { style == .plain && ["", "~", "null"].contains(string) }
}

extension Node {
  /// A text, in quotes, so that it is never taken for a number or for nothing.
  static func quoted(_ text: String) -> Node { Node(text, .implicit, .doubleQuoted) }

  /// A word or number as it stands.
  static func plain(_ text: String) -> Node { Node(text, .implicit, .plain) }
}
